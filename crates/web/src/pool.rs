//! Places for calls of the engine, which block: as many at a time as there are workers, a bounded
//! queue before them, and a plain refusal beyond it. A server that is asked for more than it can
//! do answers what it can at full speed, and says so to the rest at once.

use crate::problem::{Problem, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A number of places and a queue before them.
pub struct Pool {
    places: Arc<Semaphore>,
    size: usize,
    waiting: AtomicUsize,
    most_waiting: usize,
}

/// How long a request waits for a place before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(5);

impl Pool {
    pub fn new(size: usize, most_waiting: usize) -> Pool {
        let (places, waiting) = (Arc::new(Semaphore::new(size)), AtomicUsize::new(0));
        Pool { places, size, waiting, most_waiting }
    }

    /// A place, held until the permit is dropped.
    ///
    /// # Errors
    /// `busy` where too many wait already, or it took too long.
    pub async fn enter(&self) -> Result<OwnedSemaphorePermit> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(place);
        }
        let Some(_waiter) = Waiter::new(self) else { return Err(Problem::busy(1)) };
        match tokio::time::timeout(PATIENCE, self.places.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(Problem::busy(2)),
        }
    }

    pub fn busy(&self) -> usize {
        self.size.saturating_sub(self.places.available_permits())
    }

    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Waits until nobody is inside.
    pub async fn drain(&self) {
        let all = u32::try_from(self.size).unwrap_or(u32::MAX);
        drop(self.places.acquire_many(all).await);
    }
}

/// One who waits; gone from the count however the waiting ends.
struct Waiter<'a>(&'a Pool);

impl Waiter<'_> {
    fn new(pool: &Pool) -> Option<Waiter<'_>> {
        let before = pool.waiting.fetch_add(1, Ordering::Relaxed);
        let waiter = Waiter(pool);
        (before < pool.most_waiting).then_some(waiter)
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_beyond_the_queue_is_turned_away() {
        let pool = Pool::new(1, 0);
        let place = pool.enter().await.unwrap();
        assert_eq!((pool.busy(), pool.waiting()), (1, 0));
        assert_eq!(pool.enter().await.unwrap_err().code, "busy");
        drop(place);
        assert!(pool.enter().await.is_ok());
        assert_eq!((pool.busy(), pool.waiting()), (0, 0));
    }
}
