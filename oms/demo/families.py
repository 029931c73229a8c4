"""What the demo company sells: families of items with their dimensions, units and costs. No database here."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import pi

CATEGORIES = (  # code, name, parent
    ("FAS", "Fasteners", ""),
    ("FAS-BOLT", "Bolts and screws", "FAS"),
    ("FAS-NUT", "Nuts and washers", "FAS"),
    ("FAS-ANCH", "Anchors and nails", "FAS"),
    ("VAL", "Valves", ""),
    ("VAL-BALL", "Ball valves", "VAL"),
    ("VAL-SHUT", "Gate, check and butterfly valves", "VAL"),
    ("VAL-SOL", "Solenoid valves", "VAL"),
    ("FIT", "Fittings, pipe and hose", ""),
    ("FIT-PIPE", "Threaded fittings and pipe", "FIT"),
    ("FIT-COMP", "Compression fittings", "FIT"),
    ("FIT-HOSE", "Hose and clamps", "FIT"),
    ("ELE", "Electrical", ""),
    ("ELE-CABLE", "Cable and wire", "ELE"),
    ("ELE-PROT", "Circuit protection", "ELE"),
    ("ELE-INST", "Installation material", "ELE"),
    ("ELE-LIGHT", "Lighting", "ELE"),
    ("SAF", "Safety", ""),
    ("SAF-HAND", "Hand protection", "SAF"),
    ("SAF-BODY", "Head, body and foot protection", "SAF"),
    ("TOO", "Tools", ""),
    ("TOO-HAND", "Hand tools", "TOO"),
    ("TOO-CUT", "Drills and abrasives", "TOO"),
    ("TOO-POWER", "Power tools", "TOO"),
    ("PAC", "Packaging", ""),
    ("LUB", "Lubricants and cleaners", ""),
    ("LUB-OIL", "Oils", "LUB"),
    ("LUB-GREASE", "Greases and pastes", "LUB"),
    ("LUB-CLEAN", "Sprays and cleaners", "LUB"),
    ("DRV", "Bearings and drives", ""),
    ("PRI", "Printed matter", ""),
)
STEEL = 0.00785  # grams per cubic millimetre


@dataclass(frozen=True, slots=True)
class Pack:
    """A unit an item is sold in: it holds so many base units."""

    code: str
    name: str
    holds: int = 1
    multiple: int = 1
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """A product. `cost` and `grams` are of one base unit, the first of `packs`; `offered` is one of their codes."""

    sku: str
    name: str
    category: str
    cost: Decimal
    grams: int
    packs: tuple[Pack, ...]
    offered: str

    @property
    def default(self) -> Pack:
        return next(pack for pack in self.packs if pack.code == self.offered)


PIECE = Pack("C62", "piece")


def item(
    sku: str,
    name: str,
    category: str,
    cost: float,
    grams: float = 0,
    packs: tuple[Pack, ...] = (PIECE,),
    offered: str = "C62",
) -> Item:
    """Return an item whose `cost` and `grams` are of the unit that is offered first."""
    holds = next(pack.holds for pack in packs if pack.code == offered)
    exact = Decimal(f"{cost:.4f}") / holds
    return Item(
        sku, name, category, exact.quantize(Decimal("0.000001")), round(grams / holds), packs, offered
    )


def boxed(pieces: int, boxes: int = 0) -> tuple[Pack, ...]:
    box = Pack("BX", f"box of {pieces}", pieces)
    carton = (Pack("CT", f"carton of {boxes} boxes", pieces * boxes),) if boxes else ()
    return (PIECE, box, *carton)


def by_metre(ring: int = 0, minimum: int = 1) -> tuple[Pack, ...]:
    """Counted in millimetres, sold by the metre and, where it is wound, by the ring; cut from so many metres on."""
    rings = (Pack("RL", f"ring of {ring} m", ring * 1000),) if ring else ()
    cut = Pack("MTR", "metre", 1000, minimum=minimum)
    return (Pack("MMT", "millimetre", 1, 1000, minimum * 1000), cut, *rings)


def by_litre(can: int, drum: int) -> tuple[Pack, ...]:
    litre = Pack("LTR", "litre", 1000)
    return (
        Pack("MLT", "millilitre", 1, 1000),
        litre,
        Pack("CA", f"can of {can} l", can * 1000),
        Pack("DR", f"drum of {drum} l", drum * 1000),
    )


def by_kilogram(sack: int) -> tuple[Pack, ...]:
    return (
        Pack("GRM", "gram", 1, 100),
        Pack("KGM", "kilogram", 1000),
        Pack("BG", f"bag of {sack} kg", sack * 1000),
    )


def cylinder(diameter: float, length: float) -> float:
    """Return the weight of a steel rod, in grams."""
    return pi / 4 * diameter**2 * length * STEEL


def bolts() -> Iterator[Item]:
    hexagon = {
        6: (16, 20, 25, 30, 40), 8: (16, 20, 25, 30, 40, 50), 10: (20, 25, 30, 40, 50, 60),
        12: (25, 30, 40, 50, 60, 80), 16: (40, 50, 60, 80, 100), 20: (50, 60, 80, 100),
    }  # fmt: skip
    for d, lengths in hexagon.items():
        for length in lengths:
            grams, pieces = cylinder(d, length + 1.7 * d), 200 if d <= 8 else 100 if d <= 12 else 50
            yield item(
                f"HB933-M{d}X{length}", f"Hex bolt DIN 933 8.8 zinc M{d} x {length}", "FAS-BOLT",
                (0.012 + grams * 0.0042) * pieces, grams * pieces, boxed(pieces, 10 if d <= 10 else 0), "BX",
            )  # fmt: skip
    socket = {4: (10, 12, 16, 20), 5: (12, 16, 20, 25), 6: (12, 16, 20, 25, 30), 8: (20, 25, 30, 40)}
    for d, lengths in socket.items():
        for length in lengths:
            grams = cylinder(d, length + 1.5 * d)
            yield item(
                f"SC912-M{d}X{length}-A2", f"Socket cap screw DIN 912 A2 M{d} x {length}", "FAS-BOLT",
                (0.02 + grams * 0.013) * 100, grams * 100, boxed(100, 10), "BX",
            )  # fmt: skip
    for thick, length in ((3.5, 30), (3.5, 40), (4, 40), (4, 50), (4.5, 60), (5, 60), (5, 80), (6, 100)):
        grams = cylinder(thick * 0.75, length)
        yield item(
            f"CS7505-{thick:g}X{length}", f"Chipboard screw T-Star {thick:g} x {length} zinc", "FAS-BOLT",
            (0.008 + grams * 0.0035) * 200, grams * 200, boxed(200, 10), "BX",
        )  # fmt: skip
    for d in (6, 8, 10, 12, 16, 20):
        grams = cylinder(d * 0.9, 1000)
        yield item(
            f"TR975-M{d}", f"Threaded rod DIN 975 4.8 zinc M{d} x 1000", "FAS-BOLT",
            0.3 + grams * 0.0023, grams, (PIECE, Pack("BE", "bundle of 10", 10)),
        )  # fmt: skip


def nuts() -> Iterator[Item]:
    for d in (4, 5, 6, 8, 10, 12, 16, 20):
        grams, pieces = d**3 * 0.011, 200 if d <= 10 else 100
        for code, name, factor in (("ZN", "8 zinc", 1), ("A2", "A2 stainless", 2.6)):
            yield item(
                f"HN934-M{d}-{code}", f"Hex nut DIN 934 {name} M{d}", "FAS-NUT",
                (0.006 + grams * 0.0045) * factor * pieces, grams * pieces, boxed(pieces, 10), "BX",
            )  # fmt: skip
        yield item(
            f"WA125-M{d}", f"Washer DIN 125 A zinc M{d}", "FAS-NUT",
            (0.004 + grams * 0.002) * pieces, grams * 0.4 * pieces, boxed(pieces, 10), "BX",
        )  # fmt: skip
    for d in (5, 6, 8, 10, 12, 16):
        grams = d**3 * 0.013
        yield item(
            f"LN985-M{d}", f"Lock nut DIN 985 8 zinc M{d}", "FAS-NUT",
            (0.011 + grams * 0.006) * 100, grams * 100, boxed(100, 10), "BX",
        )  # fmt: skip
        yield item(
            f"WA9021-M{d}", f"Fender washer DIN 9021 zinc M{d}", "FAS-NUT",
            (0.01 + grams * 0.004) * 100, grams * 90, boxed(100, 10), "BX",
        )  # fmt: skip


def anchors() -> Iterator[Item]:
    for d in (6, 8, 10, 12, 14):
        yield item(
            f"NP-{d}X{d * 5}", f"Nylon plug {d} x {d * 5}", "FAS-ANCH",
            d * 0.011 * 100, d * 12, boxed(100), "BX",
        )  # fmt: skip
    for d, length in ((8, 75), (10, 90), (12, 110), (16, 140)):
        grams = cylinder(d, length)
        yield item(
            f"WB-M{d}X{length}", f"Wedge anchor zinc M{d} x {length}", "FAS-ANCH",
            grams * 0.0085 * 25, grams * 25, boxed(25), "BX",
        )  # fmt: skip
    for thick, length in ((2.5, 55), (2.8, 65), (3.1, 80), (3.4, 90), (4.2, 110)):
        yield item(
            f"NL1151-{thick:g}X{length}", f"Wire nail DIN 1151 bright {thick:g} x {length}", "FAS-ANCH",
            2.15 - thick * 0.1, 1000, by_kilogram(5), "KGM",
        )  # fmt: skip


SIZES = (
    (8, "1/4"),
    (10, "3/8"),
    (15, "1/2"),
    (20, "3/4"),
    (25, "1"),
    (32, "1 1/4"),
    (40, "1 1/2"),
    (50, "2"),
)


def valves() -> Iterator[Item]:
    for dn, inch in SIZES:
        yield item(
            f"BV-MS-DN{dn}", f"Ball valve brass full bore PN40 DN{dn} G{inch}", "VAL-BALL",
            1.9 + dn**1.55 * 0.055, 60 + dn**1.7 * 1.6, (PIECE, Pack("BX", "box of 10", 10)),
        )  # fmt: skip
        yield item(
            f"BV-A4-DN{dn}", f"Ball valve stainless 1.4408 PN63 DN{dn} G{inch}", "VAL-BALL",
            6.4 + dn**1.6 * 0.11, 90 + dn**1.7 * 1.9,
        )  # fmt: skip
    for dn, inch in SIZES[2:]:
        yield item(
            f"GV-MS-DN{dn}", f"Gate valve brass PN16 DN{dn} G{inch}", "VAL-SHUT",
            3.1 + dn**1.5 * 0.06, 90 + dn**1.6 * 2,
        )  # fmt: skip
        yield item(
            f"CV-MS-DN{dn}", f"Check valve brass spring loaded PN16 DN{dn} G{inch}", "VAL-SHUT",
            2.6 + dn**1.5 * 0.05, 70 + dn**1.6 * 1.5,
        )  # fmt: skip
    for dn in (50, 65, 80, 100, 125, 150):
        yield item(
            f"BF-EPDM-DN{dn}", f"Butterfly valve wafer GGG40 EPDM PN16 DN{dn}", "VAL-SHUT",
            18 + dn * 0.42, 1200 + dn * 55,
        )  # fmt: skip
    for dn, inch in SIZES[1:5]:
        for volt, code in (("24 V DC", "24"), ("230 V AC", "230")):
            yield item(
                f"SV-{code}-DN{dn}", f"Solenoid valve 2/2 NC brass {volt} DN{dn} G{inch}", "VAL-SOL",
                21 + dn * 1.3, 420 + dn * 30,
            )  # fmt: skip


def fittings() -> Iterator[Item]:
    threaded = (
        ("EL90", "Elbow 90°", 1.0),
        ("TEE", "Tee", 1.45),
        ("SOC", "Socket", 0.8),
        ("UNI", "Union", 2.7),
    )
    for code, name, factor in threaded:
        for dn, inch in SIZES[2:]:
            yield item(
                f"MF-{code}-DN{dn}", f"{name} malleable iron zinc DN{dn} Rp{inch}", "FIT-PIPE",
                (0.45 + dn**1.5 * 0.012) * factor, (40 + dn**1.6) * factor, boxed(20 if dn <= 25 else 10),
            )  # fmt: skip
    for (dn, inch), price in zip(SIZES[2:], (2.1, 2.7, 3.9, 5.2, 6.0, 8.1), strict=True):
        yield item(
            f"PI-2440-DN{dn}", f"Steel pipe DIN EN 10255 zinc DN{dn} R{inch}", "FIT-PIPE",
            price, 0, by_metre(), "MTR",
        )  # fmt: skip
    for d in (10, 12, 15, 18, 22, 28):
        for code, name, factor in (("ST", "Straight coupling", 1.0), ("EL", "Elbow coupling", 1.3)):
            yield item(
                f"CF-{code}-{d}", f"{name} compression brass {d} mm", "FIT-COMP",
                (0.9 + d * 0.12) * factor, d * 6 * factor, boxed(10),
            )  # fmt: skip
    for d, price in ((10, 0.85), (13, 1.05), (19, 1.75), (25, 2.6)):
        yield item(
            f"HO-PVC-{d}", f"PVC hose with fabric {d} mm 15 bar", "FIT-HOSE", price, 0, by_metre(50, 5), "MTR"
        )
    for d, price in ((6, 0.55), (8, 0.8), (10, 1.15), (12, 1.6)):
        yield item(
            f"HO-PU-{d}", f"Polyurethane air hose {d} mm blue", "FIT-HOSE", price, 0, by_metre(50, 5), "MTR"
        )
    for low, high in ((8, 12), (10, 16), (16, 27), (25, 40), (32, 50), (50, 70)):
        yield item(
            f"HC-W4-{low}-{high}", f"Hose clamp W4 9 mm {low}-{high}", "FIT-HOSE",
            (0.22 + high * 0.007) * 50, (6 + high * 0.4) * 50, boxed(50), "BX",
        )  # fmt: skip
