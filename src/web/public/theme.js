// Runs before the first paint, so that a dark page never flashes white. A file of its own: the CSP allows no inline script.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem("fairway-theme");
  } catch {}
  var dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
