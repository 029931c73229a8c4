// Quantities are kept in base units; people see and type the unit they count in, of which one is `each` base units.
export const told = (base, each) => String(base / each);

// What somebody typed as base units, or null when it is no such quantity.
export const typedAsBase = (text, each) => {
  const number = text.trim().replace(",", ".");
  const base = Math.round(Number(number) * each * 1000) / 1000;
  return /^\d{1,12}(\.\d{1,12})?$/.test(number) && Number.isInteger(base) ? base : null;
};
