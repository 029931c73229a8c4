"""The other half of what the demo company sells: electrical, safety, tools, packaging, lubricants, drives."""

from collections.abc import Iterator
from itertools import chain

from oms.demo.families import (
    PIECE,
    Item,
    Pack,
    anchors,
    bolts,
    boxed,
    by_kilogram,
    by_litre,
    by_metre,
    fittings,
    item,
    nuts,
    valves,
)


def electrical() -> Iterator[Item]:
    for square in (1.5, 2.5, 4, 6, 10, 16):
        for code, colour in (("BK", "black"), ("BU", "blue"), ("GY", "green-yellow")):
            yield item(
                f"H07VK-{square:g}-{code}", f"Wire H07V-K 1 x {square:g} mm² {colour}", "ELE-CABLE",
                0.05 + square * 0.105, 0, by_metre(100), "MTR",
            )  # fmt: skip
    for cores, square in ((3, 1.5), (3, 2.5), (5, 1.5), (5, 2.5), (5, 4)):
        yield item(
            f"NYMJ-{cores}X{square:g}", f"Installation cable NYM-J {cores} x {square:g} mm²", "ELE-CABLE",
            0.12 + cores * square * 0.1, 0, by_metre(100), "MTR",
        )  # fmt: skip
    for cores in (3, 4, 7, 12):
        yield item(
            f"YSLY-{cores}X0.75", f"Control cable YSLY-JZ {cores} x 0.75 mm²", "ELE-CABLE",
            0.2 + cores * 0.095, 0, by_metre(100), "MTR",
        )  # fmt: skip
    yield from protection()
    yield from installation()


def protection() -> Iterator[Item]:
    for ampere in (6, 10, 13, 16, 20, 25, 32):
        yield item(
            f"MCB-B{ampere}-1P", f"Circuit breaker B{ampere} 1-pole 6 kA", "ELE-PROT",
            1.65 + ampere * 0.012, 110, boxed(12),
        )  # fmt: skip
    for ampere in (16, 20, 25, 32, 40):
        yield item(
            f"MCB-C{ampere}-3P", f"Circuit breaker C{ampere} 3-pole 10 kA", "ELE-PROT",
            8.9 + ampere * 0.06, 340, boxed(4),
        )  # fmt: skip
    for ampere in (25, 40, 63):
        yield item(
            f"RCD-{ampere}-4P", f"Residual current device {ampere} A 30 mA 4-pole type A", "ELE-PROT",
            17 + ampere * 0.22, 390,
        )  # fmt: skip


def installation() -> Iterator[Item]:
    for d in (12, 16, 20, 25, 32, 40):
        yield item(
            f"CG-M{d}", f"Cable gland polyamide IP68 M{d}", "ELE-INST",
            (0.1 + d * 0.014) * 50, d * 0.7 * 50, boxed(50), "BX",
        )  # fmt: skip
    for length in (100, 140, 200, 290, 370):
        yield item(
            f"CT-{length}-BK", f"Cable tie UV resistant {length} mm black", "ELE-INST",
            length * 0.012, length * 1.1, boxed(100, 25), "BX",
        )  # fmt: skip
    for poles in (2, 3, 5):
        yield item(
            f"SPL-{poles}", f"Splicing connector {poles}-way with levers", "ELE-INST",
            (0.08 + poles * 0.035) * 50, poles * 60, boxed(50), "BX",
        )  # fmt: skip
    for wide, high in ((15, 15), (30, 30), (60, 40), (90, 60)):
        yield item(
            f"DU-{wide}X{high}", f"Cable duct PVC white {wide} x {high} mm", "ELE-INST",
            0.35 + wide * high * 0.00085, 0, by_metre(), "MTR",
        )  # fmt: skip
    for ampere in (16, 32):
        for code, name in (("P", "plug"), ("S", "wall socket")):
            yield item(
                f"CEE-{ampere}-{code}", f"CEE {name} {ampere} A 5-pole 400 V IP44", "ELE-INST",
                2.4 + ampere * 0.11, 180 + ampere * 7,
            )  # fmt: skip
    for length, watt in ((600, 18), (1200, 36), (1500, 48)):
        yield item(
            f"LB-{length}", f"LED batten IP65 {length} mm {watt} W 4000 K", "ELE-LIGHT",
            8 + watt * 0.24, length * 0.8,
        )  # fmt: skip
    for watt in (20, 50, 100):
        yield item(
            f"LF-{watt}",
            f"LED floodlight IP66 {watt} W 4000 K",
            "ELE-LIGHT",
            9 + watt * 0.31,
            400 + watt * 14,
        )


def safety() -> Iterator[Item]:
    pair = (Pack("PR", "pair"), Pack("DPR", "dozen pairs", 12), Pack("CT", "carton of 120 pairs", 120))
    gloves = (
        ("NIT", "Nitrile foam", 1.35),
        ("CUT", "Cut resistant level C", 3.9),
        ("LEA", "Cow leather driver", 2.8),
    )
    for code, name, price in gloves:
        for size in (7, 8, 9, 10, 11):
            yield item(
                f"GL-{code}-{size}", f"{name} glove size {size}", "SAF-HAND",
                price * 12, 12 * (60 + size * 2), pair, "DPR",
            )  # fmt: skip
    for code, colour in (("WH", "white"), ("YE", "yellow"), ("BU", "blue")):
        yield item(f"HE-{code}", f"Safety helmet EN 397 {colour}", "SAF-BODY", 5.9, 380, boxed(20))
    for size in range(39, 47):
        yield item(
            f"BO-S3-{size}", f"Safety boot S3 SRC size {size}", "SAF-BODY",
            31.5, 1350, (Pack("PR", "pair"), Pack("CT", "carton of 5 pairs", 5)), "PR",
        )  # fmt: skip
    for letters in ("M", "L", "XL", "XXL"):
        yield item(
            f"HV-{letters}", f"High visibility vest EN 20471 size {letters}", "SAF-BODY", 2.1, 140, boxed(50)
        )
    for sku, name, cost, grams, pieces in (
        ("SG-CLEAR", "Safety glasses clear anti-fog", 2.3, 30, 10),
        ("SG-GREY", "Safety glasses grey", 2.5, 30, 10),
        ("SG-FULL", "Goggles full view", 5.2, 95, 10),
        ("EM-27", "Ear muff SNR 27 dB", 6.4, 210, 10),
        ("EP-37", "Ear plug SNR 37 dB, pair", 0.09, 1, 200),
        ("MA-FFP2", "Dust mask FFP2 with valve", 0.62, 14, 20),
        ("MA-FFP3", "Dust mask FFP3 with valve", 1.45, 16, 10),
    ):
        yield item(sku, name, "SAF-BODY", cost * pieces, grams * pieces, boxed(pieces), "BX")


def tools() -> Iterator[Item]:
    for d in (2, 2.5, 3, 3.3, 4, 4.2, 5, 6, 6.8, 8, 10, 12):
        yield item(
            f"DR338-{d:g}", f"Twist drill DIN 338 HSS-G {d:g} mm", "TOO-CUT",
            (0.35 + d**1.6 * 0.07) * 10, d**2 * 6, boxed(10), "BX",
        )  # fmt: skip
    for d, thick in ((115, 1), (125, 1), (125, 1.6), (180, 2), (230, 2)):
        yield item(
            f"CD-{d}X{thick:g}", f"Cutting disc steel and inox {d} x {thick:g}", "TOO-CUT",
            (d * 0.0075 + thick * 0.1) * 25, d * 0.35 * 25, boxed(25), "BX",
        )  # fmt: skip
    for grain in (40, 60, 80):
        yield item(
            f"FD-125-K{grain}", f"Flap disc zirconia 125 K{grain}", "TOO-CUT", 21.5, 950, boxed(10), "BX"
        )
    for size in (8, 10, 13, 17, 19, 22, 24):
        yield item(
            f"SP3113-{size}",
            f"Combination spanner DIN 3113 {size} mm",
            "TOO-HAND",
            2.2 + size * 0.24,
            size * 11,
        )
    for sku, name, cost, grams in (
        ("HK-9", "Hex key set 1.5-10 mm, 9 pieces", 9.8, 480),
        ("TQ-20-100", "Torque wrench 1/2 in 20-100 Nm", 62.0, 1300),
        ("TQ-60-320", "Torque wrench 1/2 in 60-320 Nm", 89.0, 1900),
        ("HA-300", "Hammer DIN 1041 300 g", 5.6, 420),
        ("HA-500", "Hammer DIN 1041 500 g", 6.9, 640),
        ("HA-1000", "Hammer DIN 1041 1000 g", 10.4, 1250),
        ("SD-SET6", "Screwdriver set VDE, 6 pieces", 19.5, 620),
        ("PL-180", "Combination pliers VDE 180 mm", 13.2, 270),
        ("WP-250", "Water pump pliers 250 mm", 14.9, 340),
        ("MT-3", "Tape measure 3 m class II", 2.1, 120),
        ("MT-5", "Tape measure 5 m class II", 3.3, 220),
        ("MT-8", "Tape measure 8 m class II", 5.9, 380),
        ("SL-600", "Spirit level aluminium 600 mm", 11.8, 510),
        ("KN-18", "Utility knife 18 mm", 2.9, 130),
    ):
        yield item(sku, name, "TOO-HAND", cost, grams)
    for sku, name, cost, grams in (
        ("PT-DD18", "Cordless drill driver 18 V, 2 batteries 4 Ah", 149.0, 3900),
        ("PT-ID18", "Cordless impact driver 18 V, bare", 84.0, 1300),
        ("PT-AG125", "Angle grinder 125 mm 1010 W", 71.0, 2300),
        ("PT-RH26", "Rotary hammer SDS-plus 830 W", 126.0, 3400),
    ):
        yield item(sku, name, "TOO-POWER", cost, grams)


def packaging() -> Iterator[Item]:
    boxes = (
        (200, 150, 90),
        (300, 200, 150),
        (400, 300, 200),
        (400, 400, 400),
        (600, 400, 400),
        (800, 600, 600),
    )
    for length, wide, high in boxes:
        cost = 0.14 + length * wide * 0.0000035 + high * 0.0006
        yield item(
            f"BX-{length}X{wide}X{high}", f"Folding carton {length} x {wide} x {high} mm", "PAC",
            cost * 25, cost * 6500, (PIECE, Pack("BE", "bundle of 25", 25)), "BE",
        )  # fmt: skip
    for sku, name, cost, grams, pieces in (
        ("TP-PP-BR", "Packing tape PP low noise 50 mm x 66 m brown", 0.92, 190, 36),
        ("TP-PP-CL", "Packing tape PP low noise 50 mm x 66 m clear", 0.92, 190, 36),
        ("TP-PAPER", "Paper tape 50 mm x 50 m", 1.55, 240, 36),
        ("SF-23", "Stretch film 500 mm x 300 m 23 µm", 6.1, 3100, 6),
        ("SF-17", "Stretch film 500 mm x 300 m 17 µm", 4.9, 2400, 6),
        ("SF-23-BK", "Stretch film 500 mm x 260 m 23 µm black", 6.6, 2900, 6),
        ("BW-100", "Bubble wrap 1000 mm x 100 m", 16.5, 5200, 2),
        ("ST-PET16", "Strapping PET 16 x 0.7 mm, 1200 m", 39.0, 17500, 2),
        ("LA-A6", "Thermal labels 105 x 148 mm, roll of 500", 4.8, 900, 12),
        ("LA-100X50", "Thermal labels 100 x 50 mm, roll of 1000", 4.1, 800, 12),
    ):
        yield item(sku, name, "PAC", cost, grams, boxed(pieces))
    yield item("EP-1200X800", "Euro pallet 1200 x 800 new", "PAC", 11.9, 24000)


def lubricants() -> Iterator[Item]:
    for sku, name, cost in (
        ("OIL-HLP32", "Hydraulic oil HLP 32", 2.35),
        ("OIL-HLP46", "Hydraulic oil HLP 46", 2.35),
        ("OIL-HLP68", "Hydraulic oil HLP 68", 2.4),
        ("OIL-CLP100", "Gear oil CLP 100", 2.9),
        ("OIL-CLP220", "Gear oil CLP 220", 2.95),
        ("OIL-CLP460", "Gear oil CLP 460", 3.2),
        ("OIL-VDL100", "Compressor oil VDL 100", 3.6),
        ("OIL-CHAIN", "Chain oil biodegradable", 2.7),
        ("OIL-CUT", "Cutting fluid water miscible", 4.9),
        ("OIL-10W40", "Motor oil 10W-40", 3.3),
        ("CLN-DEG", "Industrial degreaser", 1.6),
        ("CLN-IPA", "Isopropanol 99.9 %", 2.2),
    ):
        category = "LUB-OIL" if sku.startswith("OIL") else "LUB-CLEAN"
        yield item(sku, name, category, cost * 5, 4400, by_litre(5, 60), "CA")
    for sku, name, cost in (
        ("GR-EP2", "Multi-purpose grease EP 2", 4.9),
        ("GR-HT", "High temperature grease 180 °C", 11.5),
        ("GR-H1", "Food grade grease NSF H1", 13.8),
        ("GR-CU", "Copper paste", 16.9),
    ):
        yield item(sku, name, "LUB-GREASE", cost, 1000, by_kilogram(5), "KGM")
    for sku, name, cost in (
        ("SPR-PEN", "Penetrating spray 400 ml", 2.1),
        ("SPR-SIL", "Silicone spray 400 ml", 2.4),
        ("SPR-PTFE", "PTFE dry film spray 400 ml", 3.7),
        ("SPR-BRK", "Brake cleaner 500 ml", 1.5),
        ("SPR-CON", "Contact cleaner 400 ml", 2.9),
        ("SPR-ZN", "Zinc spray 400 ml", 3.1),
    ):
        yield item(sku, name, "LUB-CLEAN", cost, 420, boxed(12))


def drives() -> Iterator[Item]:
    for code in (*range(6000, 6007), *range(6200, 6209)):
        bore = (10, 12, 15, 17)[code % 10] if code % 10 < 4 else code % 10 * 5
        yield item(
            f"BB-{code}-2RS", f"Deep groove ball bearing {code}-2RS {bore} mm", "DRV",
            0.9 + bore * (0.06 if code < 6200 else 0.09), 8 + bore**1.9 * (0.3 if code < 6200 else 0.5), boxed(10),
        )  # fmt: skip
    for profile, length in (
        ("SPZ", 900),
        ("SPZ", 1250),
        ("SPA", 1000),
        ("SPA", 1500),
        ("SPB", 1600),
        ("SPB", 2000),
    ):
        yield item(
            f"VB-{profile}-{length}", f"V-belt {profile} {length} Lw", "DRV",
            length * (0.004 if profile == "SPZ" else 0.0065), length * 0.09,
        )  # fmt: skip


def printed() -> Iterator[Item]:
    yield item("BK-FAST", "Pocket book of fastener tables, 14th edition", "PRI", 11.8, 240)


def all_items() -> list[Item]:
    """Return everything the demo company sells, in catalogue order."""
    makers = (
        bolts, nuts, anchors, valves, fittings, electrical, safety, tools, packaging, lubricants, drives, printed,
    )  # fmt: skip
    return list(chain.from_iterable(make() for make in makers))
