// One stream of events from the server, for the worker that all pages of a browser share, or for one page where there
// is no such worker. It keeps what it has told lately, so that a page that joins late misses nothing.
const MOST_KEPT = 500;

class LiveStream {
  // `tell` gets { changes }, { lost }, { ended }, or another event by its name.
  constructor(tell) {
    this.tell = tell;
    this.source = null;
    this.forget("");
  }

  // Nothing of one session is told to the pages of another.
  forget(who) {
    this.source?.close();
    this.source = null;
    this.who = who;
    this.kept = [];
    this.floor = null;
    this.position = null;
  }

  // A page joins that was drawn at a position; answers what it has missed.
  join({ url, from, who }) {
    if (who !== this.who) this.forget(who);
    this.url = url;
    if (this.source && this.source.readyState !== EventSource.CLOSED) {
      if (from < this.floor) return { lost: true };
      const missed = this.kept.filter((change) => change.position >= from);
      return missed.length ? { changes: missed } : null;
    }
    // What was kept before a break of the stream does not join on to what comes now.
    this.kept = [];
    this.floor = from;
    this.position = from;
    this.open();
    return null;
  }

  open() {
    clearTimeout(this.again);
    this.source?.close();
    const source = new EventSource(`${this.url}?from=${this.position}`);
    this.source = source;
    const seen = (event) => { if (event.lastEventId) this.position = Number(event.lastEventId); };
    source.addEventListener("changes", (event) => {
      seen(event);
      const { changes } = JSON.parse(event.data);
      this.kept.push(...changes);
      const over = this.kept.splice(0, Math.max(0, this.kept.length - MOST_KEPT));
      for (const change of over) this.floor = Math.max(this.floor, change.position + 1);
      this.tell({ changes });
    });
    source.addEventListener("lost", (event) => {
      seen(event);
      this.kept = [];
      this.floor = this.position;
      this.tell({ lost: true });
    });
    source.addEventListener("unread", (event) => {
      this.tell({ unread: JSON.parse(event.data).unread });
    });
    source.addEventListener("here", (event) => this.tell({ here: JSON.parse(event.data).here }));
    source.addEventListener("ended", () => { this.forget(""); this.tell({ ended: true }); });
    source.addEventListener("error", () => {
      // Turned away rather than cut off: the browser does not come back by itself.
      if (source.readyState === EventSource.CLOSED && this.source === source) {
        this.again = setTimeout(() => this.open(), 30000);
      }
    });
  }
}
