"""The demo's customers: sixty companies with their towns, trades and groups. All invented."""

from dataclasses import dataclass

TRADES = {  # the branches of the catalogue a trade buys from, the favourite first
    "machines": ("FAS", "DRV", "TOO", "LUB", "FAS"),
    "plumbing": ("FIT", "VAL", "FIT", "TOO", "FAS-ANCH"),
    "electric": ("ELE", "ELE", "TOO", "SAF", "FAS-BOLT"),
    "building": ("FAS", "SAF", "TOO", "FAS-ANCH", "ELE-INST"),
    "ships": ("VAL", "FIT", "SAF", "LUB", "FAS"),
    "food": ("VAL", "SAF-HAND", "LUB", "PAC", "FIT"),
    "logistics": ("PAC", "PAC", "SAF", "ELE-LIGHT", "TOO-HAND"),
    "utilities": ("VAL", "FIT", "ELE", "SAF", "FAS"),
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer. `parent` names the code of the company it belongs to; `weight` is how often it buys."""

    code: str
    name: str
    site: str
    trade: str
    street: str
    postal_code: str
    city: str
    country: str
    group: str
    parent: str
    currency: str
    weight: int


TABLE = """\
C1001|Kern Maschinenbau AG|HAM|machines|Industriestraße 40|22761|Hamburg|DE|GOLD|||6
C1002|Kern Hydraulik GmbH|HAM|machines|Hafenrandstraße 9|28237|Bremen|DE|GOLD|C1001||4
C1003|Kern Service GmbH|HAM|machines|Eichkamp 3|24116|Kiel|DE|GOLD|C1001||3
C1004|Werft Nordsee GmbH|HAM|ships|Werftstraße 120|27570|Bremerhaven|DE|GOLD|||5
C1005|Werft Nordsee Reparatur GmbH|HAM|ships|Am Südkai 2|26723|Emden|DE|GOLD|C1004||2
C1006|Hansen & Söhne Sanitärtechnik|HAM|plumbing|Lübecker Chaussee 71|23556|Lübeck|DE|SILVER|||3
C1007|Stadtwerke Elbmarsch|HAM|utilities|Am Wasserwerk 1|25436|Uetersen|DE|SILVER|||4
C1008|Ostsee Fischfeinkost GmbH|HAM|food|Fischmarkt 5|18439|Stralsund|DE|TRADE|||2
C1009|Elektro Petersen e. K.|HAM|electric|Bahnhofstraße 18|25813|Husum|DE|TRADE|||2
C1010|Bau-Union Heide GmbH|HAM|building|Heidering 44|29614|Soltau|DE|SILVER|||3
C1011|Logistikzentrum Maschen GmbH|HAM|logistics|Güterweg 6|21220|Seevetal|DE|SILVER|||3
C1012|Windkraft Dithmarschen GmbH|HAM|machines|Deichweg 15|25693|Marne|DE|GOLD|||3
C1013|Molkerei Geestland eG|HAM|food|Molkereistraße 2|27624|Geestland|DE|TRADE|||2
C1014|Schiffselektrik Ahrens GmbH|HAM|electric|Reiherstieg 33|21107|Hamburg|DE|SILVER|||2
C1015|Holzbau Lauenburg KG|HAM|building|Sägewerkstraße 8|21481|Lauenburg|DE|TRADE|||1
C1016|Nordisk Maskinfabrik A/S|HAM|machines|Industrivej 22|6400|Sønderborg|DK|GOLD||DKK|2
C1017|Fyn Rør & Ventil ApS|HAM|plumbing|Havnegade 14|5000|Odense|DK|TRADE||DKK|2
C1018|Jysk Emballage ApS|HAM|logistics|Vesterbro 91|9000|Aalborg|DK|TRADE|||1
C1019|Mühlenbau Wendland GmbH|HAM|machines|Mühlenweg 1|29439|Lüchow|DE|TRADE|||1
C1020|Heizung Sanitär Groth|HAM|plumbing|Kieler Straße 210|24536|Neumünster|DE|TRADE|||2
C1021|Sächsische Pumpenfabrik GmbH|LEJ|machines|Torgauer Straße 76|04318|Leipzig|DE|GOLD|||5
C1022|Pumpenservice Mitte GmbH|LEJ|machines|Magdeburger Chaussee 12|06112|Halle|DE|GOLD|C1021||2
C1023|Chemiepark Saale GmbH|LEJ|utilities|Straße am Kraftwerk 4|06237|Leuna|DE|GOLD|||4
C1024|Elektrobau Erzgebirge GmbH|LEJ|electric|Silberstraße 20|09456|Annaberg-Buchholz|DE|SILVER|||3
C1025|Spreewald Konserven GmbH|LEJ|food|Gurkenweg 11|03222|Lübbenau|DE|TRADE|||2
C1026|Dresdner Haustechnik GmbH|LEJ|plumbing|Fritz-Reuter-Straße 29|01097|Dresden|DE|SILVER|||3
C1027|Thüringer Waggonbau GmbH|LEJ|machines|Gleisstraße 3|99086|Erfurt|DE|GOLD|||4
C1028|Brauhaus Vogtland GmbH|LEJ|food|Hopfenplatz 1|08523|Plauen|DE|TRADE|||1
C1029|Paketdienst Schkeuditz GmbH|LEJ|logistics|Flughafenring 17|04435|Schkeuditz|DE|SILVER|||3
C1030|Solarmontage Anhalt GmbH|LEJ|electric|Sonnenallee 6|06844|Dessau|DE|TRADE|||2
C1031|Alpenwerk Seilbahnen AG|LEJ|machines|Innstraße 55|6020|Innsbruck|AT|GOLD|||3
C1032|Alpenwerk Montage GmbH|LEJ|building|Gewerbestraße 12|5020|Salzburg|AT|GOLD|C1031||2
C1033|Donau Stahlbau GmbH|LEJ|building|Hafenstraße 47|4020|Linz|AT|SILVER|||3
C1034|Wiener Installateurbund reg. Gen.|LEJ|plumbing|Triester Straße 190|1230|Wien|AT|SILVER|||3
C1035|Steirische Obstverwertung eG|LEJ|food|Apfelweg 9|8200|Gleisdorf|AT|TRADE|||1
C1036|Zürich Apparatebau AG|LEJ|machines|Hardturmstrasse 130|8005|Zürich|CH|GOLD||CHF|2
C1037|Elektro Bernina AG|LEJ|electric|Via Nova 14|7504|Pontresina|CH|TRADE||CHF|1
C1038|Oberlausitzer Textil GmbH|LEJ|machines|Weberplatz 5|02763|Zittau|DE|TRADE|||1
C1039|Wasserverband Mulde|LEJ|utilities|Talstraße 60|04668|Grimma|DE|SILVER|||2
C1040|Tiefbau Harz GmbH|LEJ|building|Bergstraße 21|38855|Wernigerode|DE|TRADE|||2
C1041|Van Dijk Installatietechniek B.V.|RTM|plumbing|Keileweg 18|3029 BT|Rotterdam|NL|GOLD|||5
C1042|Van Dijk Utrecht B.V.|RTM|plumbing|Kanaalweg 50|3526 KL|Utrecht|NL|GOLD|C1041||3
C1043|Van Dijk Eindhoven B.V.|RTM|plumbing|Hurksestraat 7|5652 AH|Eindhoven|NL|GOLD|C1041||2
C1044|Maasvlakte Terminal Services N.V.|RTM|logistics|Europaweg 902|3199 LC|Maasvlakte|NL|GOLD|||4
C1045|Scheepswerf De Merwede B.V.|RTM|ships|Rivierdijk 340|3372 BK|Hardinxveld|NL|SILVER|||4
C1046|Kaasmakerij Oude Gracht B.V.|RTM|food|Kaasmarkt 3|2801 CD|Gouda|NL|TRADE|||2
C1047|Elektro Zeeland B.V.|RTM|electric|Havendijk 28|4331 VK|Middelburg|NL|SILVER|||2
C1048|Bouwgroep Brabant B.V.|RTM|building|Ringbaan 81|5021 AC|Tilburg|NL|SILVER|||3
C1049|Gemaal & Waterbeheer Delfland|RTM|utilities|Phoenixstraat 32|2611 AL|Delft|NL|SILVER|||3
C1050|Antwerp Tank Storage N.V.|RTM|utilities|Scheldelaan 410|2040|Antwerpen|BE|GOLD|||3
C1051|Brouwerij Sint-Jacob N.V.|RTM|food|Kloosterstraat 12|8000|Brugge|BE|TRADE|||1
C1052|Atelier Mécanique Liégeois S.A.|RTM|machines|Quai de la Meuse 66|4000|Liège|BE|SILVER|||2
C1053|Rheinhafen Umschlag GmbH|RTM|logistics|Am Parallelhafen 10|47059|Duisburg|DE|SILVER|||3
C1054|Ruhr Rohrleitungsbau GmbH|RTM|plumbing|Zechenstraße 77|45141|Essen|DE|SILVER|||3
C1055|Münsterland Landtechnik GmbH|RTM|machines|Hauptstraße 5|48653|Coesfeld|DE|TRADE|||2
C1056|Harwich Marine Supplies Ltd|RTM|ships|12 Quayside Road|CO12 3AA|Harwich|GB|SILVER||GBP|2
C1057|Thornbury Process Equipment Ltd|RTM|food|4 Severn Park|BS35 1AB|Thornbury|GB|TRADE||GBP|1
C1058|Luxemburger Gebäudetechnik S.à r.l.|RTM|electric|Rue de l'Industrie 8|3895|Foetz|LU|TRADE|||1
C1059|Offshore Wind Borkum GmbH|RTM|ships|Am Neuen Hafen 14|26757|Borkum|DE|SILVER|||2
C1060|Groninger Kassenbouw B.V.|RTM|building|Osloweg 131|9723 BK|Groningen|NL|TRADE|||2
"""


def read(row: str) -> Buyer:
    """Return the buyer that a row of the table describes, in the order of the fields."""
    code, name, site, trade, street, postal_code, city, country, group, parent, currency, weight = row.split(
        "|"
    )
    return Buyer(
        code,
        name,
        site,
        trade,
        street,
        postal_code,
        city,
        country,
        group,
        parent,
        currency or "EUR",
        int(weight),
    )


BUYERS = [read(row) for row in TABLE.splitlines()]
NEEDS_PO = ("C1001", "C1004", "C1007", "C1023", "C1027", "C1041", "C1044", "C1050")
BLOCKED = "C1038"
KEY_ACCOUNTS = (
    "C1001", "C1004", "C1007", "C1012", "C1021", "C1023", "C1027", "C1031", "C1033", "C1041", "C1044", "C1045", "C1050",
)  # fmt: skip
CONTACTS = (
    ("Markus", "Heike", "Torben", "Silke", "Jan", "Birgit", "Lars", "Petra", "Willem", "Ingrid", "Henrik", "Maren"),
    ("Albers", "Behrens", "Carstens", "Dietrich", "Ebert", "Fischer", "Gerdes", "Hofer", "Iversen", "Jacobs", "Kramer",
     "Lindner", "Meijer", "Nowak", "Otten", "Prins", "Quade"),
)  # fmt: skip
