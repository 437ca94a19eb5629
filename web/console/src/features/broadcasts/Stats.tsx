export default function Stats(_: { broadcast: unknown }) {
  return null;
}
