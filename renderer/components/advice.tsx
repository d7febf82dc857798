/** What to do, in words that may name a command: its name is not broken at its hyphen. */
export function Advice({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/(kiro-(?:pool|cli))/).map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <span key={index} class="unbroken">
            {part}
          </span>
        ),
      )}
    </>
  );
}
