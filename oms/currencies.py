"""How currencies are written, as codes, signs and words, and which ones each may mean."""

import re

CODES = frozenset(
    "AED AMD ARS AUD AZN BAM BDT BGN BHD BRL BYN CAD CHF CLP CNY COD COP CRC CZK DKK DOP DZD EGP EUR GBP GEL "
    "GHS GTQ HKD HUF IDR ILS INR IQD IRR ISK JOD JPY KES KRW KWD KZT LBP LKR MAD MDL MKD MXN MYR NGN NOK NZD "
    "OMR PEN PHP PKR PLN PYG QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD TZS UAH UGX USD UYU UZS VND XAF XOF "
    "ZAR".split()
)
DOLLARS = "USD AUD CAD HKD MXN NZD SGD TWD"
SIGNS = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "¥": "JPY CNY", "₺": "TRY", "₹": "INR", "SFR": "CHF",
    "$": DOLLARS, "DOLLAR": DOLLARS, "DOLLARS": DOLLARS, "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD",
    "AU$": "AUD", "KR": "DKK ISK NOK SEK", "ZŁ": "PLN", "KČ": "CZK",
}  # fmt: skip
EITHER_CASE = "euros?|eur|usd|gbp|chf|jpy|dollars?|sfr|kr|zł|kč"
# EUR-Palette is no money, and "try" no lira.
SIGN = (
    rf"(?:(?<![^\W\d_])(?:US|CA?|AU?)\$|[€£¥₺₹$]"
    rf"|(?<![^\W\d_])(?:(?i:{EITHER_CASE})|{'|'.join(sorted(CODES))})(?![^\W\d_]|-\w))"
)
WRITTEN = re.compile(SIGN)


def signs_in(text: str) -> tuple[str, ...]:
    """Return each currency that a text names, as it is written there."""
    return tuple(WRITTEN.findall(text))


def may_mean(sign: str, code: str) -> bool:
    """Whether what is written may be the currency: a dollar sign is that of several."""
    return code in SIGNS.get(sign.upper(), sign.upper()).split()
