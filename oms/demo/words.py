"""Names of the demo: the company, its people, sites and suppliers. All invented, mail goes to example.com."""

from dataclasses import dataclass

PASSWORD = "nuts-bolts-and-valves"  # noqa: S105  printed for everybody; it opens the demo and nothing else
MAIL = "example.com"

COMPANY = {
    "name": "Nordwerk Industriebedarf GmbH",
    "street": "Am Sandtorkai 88",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
    "email": f"office@{MAIL}",
    "phone": "+49 40 5550 100",
    "vat_number": "DE999100202",
    "bank_name": "Hanseatische Handelsbank",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "zone": "Europe/Berlin",
}
CURRENCIES = (("EUR", "Euro"), ("CHF", "Swiss franc"), ("DKK", "Danish krone"), ("GBP", "Pound sterling"))


# What customers ask for with a line, now and then
LINE_NOTES = (
    "Please write our part number on each box.",
    "For the second hall; not before 10 o'clock.",
    "With a certificate 3.1, please.",
)

# A customer would take it a little cheaper; what the rep makes of it
CHEAPER = "Another house offers us 5 % less for this one."
WOULD_ORDER = "With that we would order this week."
ASKED_PURCHASING = (
    "Asked purchasing whether the mill gives us the next step of the discount; answer this week."
)
SECOND_SIGNATURE = "Head of purchasing"


@dataclass(frozen=True, slots=True)
class Site:
    code: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    zone: str
    share: int  # percent of the catalogue that lies here


SITES = (
    Site("HAM", "Hamburg", "Großmoordamm 112", "21079", "Hamburg", "DE", "Europe/Berlin", 100),
    Site("LEJ", "Leipzig", "Gewerbepark Nord 7", "04158", "Leipzig", "DE", "Europe/Berlin", 68),
    Site("RTM", "Rotterdam", "Waalhaven Zuidzijde 21", "3088 HH", "Rotterdam", "NL", "Europe/Amsterdam", 56),
)
TEAMS = {"HAM": "North", "LEJ": "East", "RTM": "West"}  # the team that sells from a site


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login. `site` names the warehouse or, for sales, the team they belong to."""

    username: str
    first_name: str
    last_name: str
    role: str
    site: str = ""


PEOPLE = (  # the first of a role is the one whose login is shown
    Person("anna.berg", "Anna", "Berg", "Sales rep", "HAM"),
    Person("jonas.peters", "Jonas", "Peters", "Sales rep", "HAM"),
    Person("lea.krause", "Lea", "Krause", "Sales rep", "LEJ"),
    Person("tobias.wolf", "Tobias", "Wolf", "Sales rep", "LEJ"),
    Person("femke.devries", "Femke", "de Vries", "Sales rep", "RTM"),
    Person("sander.bakker", "Sander", "Bakker", "Sales rep", "RTM"),
    Person("karin.lorenz", "Karin", "Lorenz", "Sales manager", "HAM"),
    Person("matthias.engel", "Matthias", "Engel", "Sales manager", "LEJ"),
    Person("pieter.jansen", "Pieter", "Jansen", "Sales manager", "RTM"),
    Person("emre.yilmaz", "Emre", "Yilmaz", "Warehouse operator", "HAM"),
    Person("nina.schulz", "Nina", "Schulz", "Warehouse operator", "HAM"),
    Person("paul.richter", "Paul", "Richter", "Warehouse operator", "LEJ"),
    Person("daan.visser", "Daan", "Visser", "Warehouse operator", "RTM"),
    Person("uwe.hansen", "Uwe", "Hansen", "Warehouse supervisor", "HAM"),
    Person("ines.vogt", "Ines", "Vogt", "Warehouse supervisor", "LEJ"),
    Person("marijke.smit", "Marijke", "Smit", "Warehouse supervisor", "RTM"),
    Person("claudia.brandt", "Claudia", "Brandt", "Finance"),
    Person("stefan.kuhn", "Stefan", "Kuhn", "Finance"),
    Person("oliver.thiel", "Oliver", "Thiel", "Catalogue manager"),
    Person("sabine.koch", "Sabine", "Koch", "Buyer"),
    Person("robert.lang", "Robert", "Lang", "Administrator"),
    Person("webshop", "Web", "Shop", "API client"),
    Person("accounting", "Accounting", "System", "Accounting system"),
)
MACHINE_ROLES = {"API client", "Accounting system"}

SUPPLIERS = (  # code, name, lead time in days, the categories it supplies
    ("S-SAUER", "Schraubenwerk Sauerland GmbH", 14, ("FAS-BOLT", "PRI")),
    ("S-MUTTER", "Mutter & Scheibe Handels AG", 12, ("FAS-NUT",)),
    ("S-FIXAN", "Fixan Befestigungssysteme GmbH", 10, ("FAS-ANCH",)),
    ("S-VALBRE", "Valvole Brescia S.r.l.", 28, ("VAL-BALL", "FIT-COMP")),
    ("S-ARMAT", "Armaturenfabrik Oberlausitz GmbH", 21, ("VAL-SHUT", "VAL-SOL")),
    ("S-TEMPER", "Temperguss Siegen GmbH", 18, ("FIT-PIPE",)),
    ("S-FLEX", "Flexline Slangen B.V.", 9, ("FIT-HOSE",)),
    ("S-KABEL", "Kabelwerk Altmark GmbH", 12, ("ELE-CABLE",)),
    ("S-VOLT", "Voltaris Elektrotechnik GmbH", 8, ("ELE-PROT", "ELE-INST", "ELE-LIGHT")),
    ("S-SICHER", "Sicherwerk Arbeitsschutz GmbH", 15, ("SAF-HAND", "SAF-BODY")),
    ("S-SOLING", "Solinger Werkzeughaus KG", 10, ("TOO-HAND", "TOO-CUT", "TOO-POWER")),
    ("S-PACK", "Packmittel Holstein GmbH", 5, ("PAC",)),
    ("S-LUBRI", "Lubritec Schmierstoffe GmbH", 7, ("LUB-OIL", "LUB-GREASE", "LUB-CLEAN")),
    ("S-LAGER", "Wälzlager Schweinfurt Handel GmbH", 20, ("DRV",)),
)
TERMS = (
    ("PREPAID", "Payment in advance", 0),
    ("NET14", "14 days net", 14),
    ("NET30", "30 days net", 30),
    ("NET60", "60 days net", 60),
)
GROUPS = (("GOLD", "Gold"), ("SILVER", "Silver"), ("TRADE", "Trade"))
