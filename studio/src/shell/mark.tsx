/** The mark of Kontur: an outline around a point. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.7" aria-hidden>
      <path d="M3 12c0-5 3-9 8-9s6 4 6 7-2 7-7 7-7-1-7-5z" strokeLinejoin="round" />
      <circle cx="10.5" cy="10" r="1.8" fill="currentColor" stroke="none" />
    </svg>
  );
}
