/** What is wrong with a text; room is kept for it. */
export function Problem({ text }: { text: string | null }) {
  return (
    <p role="status" className="small" style={{ color: "var(--bad)", minHeight: 18 }}>
      {text}
    </p>
  );
}
