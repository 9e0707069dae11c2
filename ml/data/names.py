"""Names: the cities and islands of the time-zone database, to make up new ones."""

from __future__ import annotations

import string

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="names",
    title="Names of cities",
    family="Text",
    task="language",
    kind="text",
    help="The cities and islands after which time zones are named, a line each. They are few: before a model knows them by heart it makes up new ones.",
    origin="The names of zones in the IANA time-zone database, without regions.",
    licence="Public domain",
    parameters=(
        Parameter("context", "int", 32, minimum=2, maximum=256, help="Characters in a window: how far back a model can look."),
        Parameter("seed", "int", 0, minimum=0, help="In which order the names stand."),
    ),
)
TOKENS = ("\n", " ", "-", *string.ascii_uppercase, *string.ascii_lowercase)
"""The vocabulary by token: the end of a name first."""
CITIES = """
ACT, Abidjan, Accra, Adak, Addis Ababa, Adelaide, Aden, Algiers, Almaty, Amman, Amsterdam, Anadyr, Anchorage, Andorra, Anguilla, Antananarivo,
Antigua, Apia, Aqtau, Aqtobe, Araguaina, Aruba, Ashgabat, Ashkhabad, Asmara, Asmera, Astrakhan, Asuncion, Athens, Atikokan, Atka, Atyrau, Auckland,
Azores, Baghdad, Bahia, Bahia Banderas, Bahrain, Baku, Bamako, Bangkok, Bangui, Banjul, Barbados, Barnaul, Beirut, Belem, Belfast, Belgrade, Belize,
Berlin, Bermuda, Beulah, Bishkek, Bissau, Blanc-Sablon, Blantyre, Boa Vista, Bogota, Boise, Bougainville, Bratislava, Brazzaville, Brisbane, Broken
Hill, Brunei, Brussels, Bucharest, Budapest, Buenos Aires, Bujumbura, Busingen, Cairo, Calcutta, Cambridge Bay, Campo Grande, Canary, Canberra,
Cancun, Cape Verde, Caracas, Casablanca, Casey, Catamarca, Cayenne, Cayman, Center, Ceuta, Chagos, Chatham, Chicago, Chihuahua, Chisinau, Chita,
Choibalsan, Chongqing, Christmas, Chungking, Chuuk, Ciudad Juarez, Cocos, Colombo, ComodRivadavia, Comoro, Conakry, Copenhagen, Coral Harbour,
Cordoba, Costa Rica, Coyhaique, Creston, Cuiaba, Curacao, Currie, Dacca, Dakar, Damascus, Danmarkshavn, Dar es Salaam, Darwin, Davis, Dawson, Dawson
Creek, Denver, Detroit, Dhaka, Dili, Djibouti, Dominica, Douala, Dubai, Dublin, DumontDUrville, Dushanbe, Easter, Edmonton, Efate, Eirunepe, El Aaiun,
El Salvador, Enderbury, Ensenada, Eucla, Faeroe, Fakaofo, Famagusta, Faroe, Fiji, Fort Nelson, Fort Wayne, Fortaleza, Freetown, Funafuti, Gaborone,
Galapagos, Gambier, Gaza, Gibraltar, Glace Bay, Godthab, Goose Bay, Grand Turk, Grenada, Guadalcanal, Guadeloupe, Guam, Guatemala, Guayaquil,
Guernsey, Guyana, Halifax, Harare, Harbin, Havana, Hebron, Helsinki, Hermosillo, Ho Chi Minh, Hobart, Hong Kong, Honolulu, Hovd, Indianapolis, Inuvik,
Iqaluit, Irkutsk, Isle of Man, Istanbul, Jakarta, Jamaica, Jan Mayen, Jayapura, Jersey, Jerusalem, Johannesburg, Johnston, Juba, Jujuy, Juneau, Kabul,
Kaliningrad, Kamchatka, Kampala, Kanton, Karachi, Kashgar, Kathmandu, Katmandu, Kerguelen, Khandyga, Khartoum, Kiev, Kigali, Kinshasa, Kiritimati,
Kirov, Knox, Knox IN, Kolkata, Kosrae, Kralendijk, Krasnoyarsk, Kuala Lumpur, Kuching, Kuwait, Kwajalein, Kyiv, LHI, La Paz, La Rioja, Lagos,
Libreville, Lima, Lindeman, Lisbon, Ljubljana, Lome, London, Longyearbyen, Lord Howe, Los Angeles, Louisville, Lower Princes, Luanda, Lubumbashi,
Lusaka, Luxembourg, Macao, Macau, Maceio, Macquarie, Madeira, Madrid, Magadan, Mahe, Majuro, Makassar, Malabo, Maldives, Malta, Managua, Manaus,
Manila, Maputo, Marengo, Mariehamn, Marigot, Marquesas, Martinique, Maseru, Matamoros, Mauritius, Mawson, Mayotte, Mazatlan, Mbabane, McMurdo,
Melbourne, Mendoza, Menominee, Merida, Metlakatla, Mexico City, Midway, Minsk, Miquelon, Mogadishu, Monaco, Moncton, Monrovia, Monterrey, Montevideo,
Monticello, Montreal, Montserrat, Moscow, Muscat, NSW, Nairobi, Nassau, Nauru, Ndjamena, New Salem, New York, Niamey, Nicosia, Nipigon, Niue, Nome,
Norfolk, Noronha, North, Nouakchott, Noumea, Novokuznetsk, Novosibirsk, Nuuk, Ojinaga, Omsk, Oral, Oslo, Ouagadougou, Pago Pago, Palau, Palmer,
Panama, Pangnirtung, Paramaribo, Paris, Perth, Petersburg, Phnom Penh, Phoenix, Pitcairn, Podgorica, Pohnpei, Ponape, Pontianak, Port Moresby, Port of
Spain, Port-au-Prince, Porto Acre, Porto Velho, Porto-Novo, Prague, Puerto Rico, Punta Arenas, Pyongyang, Qatar, Qostanay, Queensland, Qyzylorda,
Rainy River, Rangoon, Rankin Inlet, Rarotonga, Recife, Regina, Resolute, Reunion, Reykjavik, Riga, Rio Branco, Rio Gallegos, Riyadh, Rome, Rosario,
Rothera, Saigon, Saipan, Sakhalin, Salta, Samara, Samarkand, Samoa, San Juan, San Luis, San Marino, Santa Isabel, Santarem, Santiago, Santo Domingo,
Sao Paulo, Sao Tome, Sarajevo, Saratov, Scoresbysund, Seoul, Shanghai, Shiprock, Simferopol, Singapore, Sitka, Skopje, Sofia, South, South Georgia,
South Pole, Srednekolymsk, St Barthelemy, St Helena, St Johns, St Kitts, St Lucia, St Thomas, St Vincent, Stanley, Stockholm, Swift Current, Sydney,
Syowa, Tahiti, Taipei, Tallinn, Tarawa, Tashkent, Tasmania, Tbilisi, Tegucigalpa, Tehran, Tel Aviv, Tell City, Thimbu, Thimphu, Thule, Thunder Bay,
Tijuana, Timbuktu, Tirane, Tiraspol, Tokyo, Tomsk, Tongatapu, Toronto, Tortola, Tripoli, Troll, Truk, Tucuman, Tunis, Ujung Pandang, Ulaanbaatar, Ulan
Bator, Ulyanovsk, Urumqi, Ushuaia, Ust-Nera, Uzhgorod, Vaduz, Vancouver, Vatican, Vevay, Victoria, Vienna, Vientiane, Vilnius, Vincennes, Virgin,
Vladivostok, Volgograd, Vostok, Wake, Wallis, Warsaw, West, Whitehorse, Winamac, Windhoek, Winnipeg, Yakutat, Yakutsk, Yancowinna, Yangon, Yap,
Yekaterinburg, Yellowknife, Yerevan, Zagreb, Zaporozhye, Zurich
"""


def spec(context: int, seed: int) -> Spec:
    return Spec((context,), dtype="int32", vocabulary=len(TOKENS))


def load(context: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Tokens (windows, context), and for each the token that follows. The windows are cut from all names, each with its end; they do not overlap."""
    names = np.random.default_rng(seed).permutation(" ".join(CITIES.split()).split(", "))
    known = {character: token for token, character in enumerate(TOKENS)}
    tokens = np.array([known[character] for name in names for character in f"{name}\n"], "int32")
    count = len(tokens) // (context + 1)
    windows = tokens[: count * (context + 1)].reshape(count, context + 1)
    return windows[:, :-1].copy(), windows[:, 1:].copy()
