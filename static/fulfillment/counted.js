// Quantities are kept in base units; people see and type the unit they count in, of which one is `each` base units.
export const told = (base, each) => String(base / each);

// What somebody typed as base units, or null when it is no such quantity; 1,000 may be one or a thousand, so it is none.
export const typedAsBase = (text, each) => {
  if (/,\d{3}$/.test(text.trim())) return null;
  const number = text.trim().replace(",", ".");
  const base = Math.round(Number(number) * each * 1000) / 1000;
  return /^\d{1,12}(\.\d{1,12})?$/.test(number) && Number.isInteger(base) ? base : null;
};
