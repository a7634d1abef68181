//! What the process is told from outside: SIGTERM and SIGINT stop it in good order, a second one
//! ends it at once, SIGHUP has it read its TLS files again.
#![allow(clippy::disallowed_methods, reason = "a second signal ends the process at once")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// Signals that ask for an end, heard from the beginning.
pub struct Ends {
    ready: Arc<AtomicBool>,
    first: oneshot::Receiver<()>,
}

impl Ends {
    /// Hears them from now on, on the runtime it is called within. Until the server is ready there
    /// is nothing to bring to an order: a signal ends the process at once.
    ///
    /// # Errors
    /// What the system says.
    pub fn new() -> std::io::Result<Ends> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let (tell, first) = oneshot::channel();
        let ready = Arc::new(AtomicBool::new(false));
        let is_ready = ready.clone();
        tokio::spawn(async move {
            either(&mut terminate, &mut interrupt).await;
            if is_ready.load(Ordering::Acquire) {
                let _ = tell.send(());
                either(&mut terminate, &mut interrupt).await;
            }
            eprintln!("evenkeel: ended at once; the next start recovers");
            std::process::exit(130);
        });
        Ok(Ends { ready, first })
    }

    /// From now on the first signal asks for an end in good order, and the second ends at once.
    pub fn ready(&self) {
        self.ready.store(true, Ordering::Release);
    }

    /// Done at the first signal.
    pub async fn first(self) {
        let _ = self.first.await;
    }
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
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
