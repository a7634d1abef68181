// Shared by all pages of a browser: they have one stream of events together.
const ports = new Set();
const stream = new LiveStream((told) => { for (const port of ports) port.postMessage(told); });

self.addEventListener("connect", ({ ports: [port] }) => {
  port.addEventListener("message", ({ data }) => {
    if (data.leave) { ports.delete(port); return; }
    ports.add(port);
    const missed = stream.join(data);
    if (missed) port.postMessage(missed);
  });
  port.start();
});
