/** The pool with its level, as on the app's icon. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle class="logo-rim" cx="12" cy="12" r="9.8" />
      <path class="logo-water" d="M5.4 10.6q3.3 2.2 6.6 0t6.6 0A6.9 6.9 0 1 1 5.4 10.6z" />
    </svg>
  );
}
