// Puts the focus on the list of errors, so that it is read out first and the keyboard starts there.

document.querySelector("[data-error-summary]")?.focus();
