//! What the process is told from outside: SIGTERM and SIGINT stop it in good order, a second one
//! ends it at once, SIGHUP has it read its TLS files again.
#![allow(clippy::disallowed_methods, reason = "a second signal ends the process at once")]

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Signals that ask for an end.
pub struct Ends {
    terminate: Signal,
    interrupt: Signal,
}

impl Ends {
    /// Hears them from now on.
    ///
    /// # Errors
    /// What the system says.
    pub fn new() -> std::io::Result<Ends> {
        let terminate = signal(SignalKind::terminate())?;
        Ok(Ends { terminate, interrupt: signal(SignalKind::interrupt())? })
    }

    /// The first; the second ends the process.
    pub async fn first(mut self) {
        self.next().await;
        tokio::spawn(async move {
            self.next().await;
            eprintln!("evenkeel: ended at once; the next start recovers");
            std::process::exit(130);
        });
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Hears SIGHUP, so that it does not end the process where nobody else hears it; `web` reads its
/// TLS files again at the same time.
///
/// # Errors
/// What the system says.
pub fn outlive_terminals() -> std::io::Result<impl Future<Output = ()>> {
    let mut told = signal(SignalKind::hangup())?;
    Ok(async move { while told.recv().await.is_some() {} })
}
