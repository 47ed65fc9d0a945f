/** How many digits a currency has after its point. */
const digitsOf = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** Units of a currency in its smallest one: 12.5 EUR are 1250. */
export const minorOf = (units: number, currency: string): number => units * 10 ** digitsOf(currency);

/** As in `12.5 EUR`; of the smallest unit, hundredths too, because a word of a model costs less. */
export function moneyWords(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  return `${Number((minor / 10 ** digits).toFixed(digits + 2))} ${currency}`;
}
