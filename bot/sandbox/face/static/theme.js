// Before the page is drawn, so that a chosen theme does not flash in as the other one. Everything else is in face.js.
try {
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch { /* A browser that keeps nothing shows its own theme. */ }
