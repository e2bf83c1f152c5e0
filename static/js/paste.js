// Text from a word processor is made clean before the editor takes it in: our two levels of
// headings, real lists, nothing empty, no remarks, no deleted words. The editor itself drops
// styles, and links that lead to no page and no mailbox.
(() => {
  const COPIED_HERE = /data-draftjs-conductor-fragment|data-editor=/;
  const REMARKS = ".MsoCommentReference, .msocomanchor, [style*='mso-element:comment']";
  const GONE = `style, script, title, img, del, ${REMARKS}`;
  const LINES = "p, li, h1, h2, h3, h4, h5, h6";
  const BLOCKS = `${LINES}, ul, ol, table, tbody, tr, td, th, div`;
  const MARK = "[style*='mso-list:Ignore']";
  const cleaned = new WeakSet();

  const renamed = (element, name) => {
    const other = element.ownerDocument.createElement(name);
    other.append(...element.childNodes);
    element.replaceWith(other);
    return other;
  };

  const unwrap = (element) => element.replaceWith(...element.childNodes);

  // Word writes the items of a list as paragraphs, with the dot or the number as text.
  const makeLists = (body) => {
    const made = new WeakSet();
    const goOn = (list, name, put) => {
      if (made.has(list) && list.localName === name) return list;
      const fresh = body.ownerDocument.createElement(name);
      made.add(fresh);
      put(fresh);
      return fresh;
    };
    for (const line of body.querySelectorAll("p[style*='mso-list']")) {
      const level = /mso-list:\s*l\d+\s+level(\d)/.exec(line.getAttribute("style"))?.[1];
      if (!level) continue;
      const mark = line.querySelector(MARK)?.textContent.trim() ?? "";
      const name = /^\w+[.)]/.test(mark) ? "ol" : "ul";
      const before = line.previousElementSibling;
      let list = before;
      if (level === "1" || !made.has(before)) list = goOn(before, name, (l) => line.before(l));
      for (let depth = 1; depth < level && list.lastElementChild; depth += 1) {
        const item = list.lastElementChild;
        list = goOn(item.lastElementChild, name, (l) => item.append(l));
      }
      list.append(renamed(line, "li"));
    }
    body.querySelectorAll(MARK).forEach((mark) => mark.remove());
  };

  // A chapter has its title already: what was the first level is our second.
  const lowerHeadings = (body) => {
    const lower = body.querySelector("h1") ? 1 : 0;
    for (const heading of body.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
      const level = Math.min(3, Number(heading.localName[1]) + lower);
      heading.replaceChildren(heading.textContent);
      renamed(heading, `h${level}`);
    }
  };

  const tidyLines = (body) => {
    for (const cell of body.querySelectorAll("td, th")) {
      if (cell.querySelector(LINES)) continue;
      const line = body.ownerDocument.createElement("p");
      line.append(...cell.childNodes);
      cell.append(line);
    }
    for (const line of body.querySelectorAll(LINES)) {
      if (!line.textContent.trim()) line.remove();
    }
    for (const line of body.querySelectorAll("li > p:first-child")) unwrap(line);
    for (const turn of body.querySelectorAll("br")) {
      if (!turn.closest(LINES) || !turn.nextSibling) turn.remove();
    }
  };

  const tidySpaces = (body) => {
    const walk = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walk.nextNode()) texts.push(walk.currentNode);
    for (const text of texts) {
      const near = [text.previousSibling, text.nextSibling];
      text.data = text.data.replace(/[\s\u00a0]+/g, " ");
      if (near[0]?.localName === "br") text.data = text.data.trimStart();
      if (!text.data.trim() && near.some((node) => node?.matches?.(BLOCKS))) text.remove();
    }
  };

  const clean = (html) => {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    body.querySelectorAll(GONE).forEach((element) => element.remove());
    body.querySelectorAll("b[id^='docs-internal-guid']").forEach(unwrap); // around all, not bold
    makeLists(body);
    lowerHeadings(body);
    tidyLines(body);
    tidySpaces(body);
    return body.innerHTML;
  };

  // What the clipboard holds cannot be changed: the editor gets a paste of its own instead.
  document.addEventListener(
    "paste",
    (event) => {
      const html = event.clipboardData?.getData("text/html");
      if (!html || cleaned.has(event) || COPIED_HERE.test(html)) return;
      if (!event.target.closest("[data-draftail-editor]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/html", clean(html));
      clipboardData.setData("text/plain", event.clipboardData.getData("text/plain"));
      const options = { clipboardData, bubbles: true, cancelable: true };
      const paste = new ClipboardEvent("paste", options);
      cleaned.add(paste);
      event.target.dispatchEvent(paste);
    },
    { capture: true },
  );
})();
