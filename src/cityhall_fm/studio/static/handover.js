// The browser's own print dialog makes the PDF.
"use strict";
document.addEventListener("click", (event) => {
  if (event.target.id === "print") print();
});
