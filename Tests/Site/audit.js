// What a page must have so that everybody can use it; gives the list of what it lacks.
(() => {
  const found = [];
  const name = (element) => element.outerHTML.slice(0, 90);
  const visible = (element) => element.checkVisibility() && element.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)];

  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = all("body *").filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
    found.push(`wider than the window: ${wide.slice(0, 3).map(name).join(" | ")}`);
  }
  if (!document.documentElement.lang) found.push("no language");
  if (!document.title) found.push("no title");
  for (const [selector, count] of [["main", 1], ["body > header", 1], ["body > footer", 1], ["h1", 1]]) {
    if (all(selector).length !== count) found.push(`${all(selector).length} times ${selector}`);
  }
  const labels = all("nav").map((nav) => {
    const by = nav.getAttribute("aria-labelledby");
    return nav.ariaLabel || (by && document.getElementById(by)?.textContent);
  });
  if (labels.some((label) => !label)) found.push("a nav without a name");
  if (new Set(labels).size !== labels.length) found.push("two navs of one name");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const next = Number(heading.localName[1]);
    if (next > level + 1) found.push(`h${next} after h${level}: ${heading.textContent}`);
    if (!heading.textContent.trim()) found.push("an empty heading");
    level = next;
  }
  for (const image of all("img")) {
    if (!image.hasAttribute("alt")) found.push(`no alt: ${name(image)}`);
    if (image.complete && image.naturalWidth === 0) found.push(`not loaded: ${name(image)}`);
  }
  for (const image of all("svg")) if (!image.ariaLabel) found.push(`no name: ${name(image)}`);
  for (const field of all("input")) if (!field.labels.length) found.push(`no label: ${name(field)}`);
  for (const link of all("a")) {
    const text = link.ariaLabel || link.textContent.trim() || link.querySelector("img")?.alt;
    if (!text) found.push(`a link without words: ${name(link)}`);
  }
  const ids = all("[id]").map((element) => element.id);
  if (new Set(ids).size !== ids.length) found.push("an id twice");
  for (const element of all("[aria-labelledby]")) {
    const id = element.getAttribute("aria-labelledby");
    if (!document.getElementById(id)) found.push(`names an id that is not there: ${id}`);
  }

  // WCAG 2.2 §2.5.8: 24 by 24 pixels, but for links within a sentence.
  for (const target of all("nav a, footer a, .button, .list a, .chips a, dd a, input")) {
    if (!visible(target) || target.matches(".skip")) continue;
    const { width, height } = target.getBoundingClientRect();
    if (width < 24 || height < 24) found.push(`${width}x${height} is too small: ${name(target)}`);
  }

  // WCAG 2.2 §1.4.3, over the nearest ground that is not transparent.
  const parse = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => {
      const part = c / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(element) || !visible(element)) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(parse(style.color)), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
  }
  return [...new Set(found)];
})();
