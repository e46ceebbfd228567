/**
 * The names that clocks have, where people use letters: "name and hours east of UTC, ...: the zones". From the time zone
 * database (public domain), 1970 to 2037, the latest name where one offset had several. Intl cannot tell them: its short
 * names depend on the language ("GMT+1" for CET).
 */
const NAMES = `
CET+1 CEST+2: Africa/Tunis Arctic/Longyearbyen Atlantic/Jan_Mayen CET Europe/Amsterdam Europe/Andorra Europe/Belgrade
  Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Budapest Europe/Busingen Europe/Copenhagen Europe/Gibraltar
  Europe/Ljubljana Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Monaco Europe/Oslo Europe/Paris
  Europe/Podgorica Europe/Prague Europe/Rome Europe/San_Marino Europe/Sarajevo Europe/Skopje Europe/Stockholm
  Europe/Tirane Europe/Vaduz Europe/Vatican Europe/Vienna Europe/Warsaw Europe/Zagreb Europe/Zurich Poland
GMT+0: Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry Africa/Dakar
  Africa/Freetown Africa/Lome Africa/Monrovia Africa/Nouakchott Africa/Ouagadougou Africa/Timbuktu
  America/Danmarkshavn Atlantic/Reykjavik Atlantic/St_Helena Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 Etc/Greenwich GMT
  GMT+0 GMT-0 GMT0 Greenwich Iceland
CST-6 CDT-5: America/Belize America/Chicago America/Costa_Rica America/El_Salvador America/Guatemala
  America/Indiana/Knox America/Knox_IN America/Managua America/Matamoros America/Menominee America/Merida
  America/Mexico_City America/Monterrey America/Rainy_River America/Rankin_Inlet America/Resolute America/Tegucigalpa
  America/Winnipeg CST6CDT Canada/Central Mexico/General US/Central US/Indiana-Starke
EST-5 EDT-4: America/Detroit America/Fort_Wayne America/Grand_Turk America/Indiana/Indianapolis
  America/Indiana/Marengo America/Indiana/Vevay America/Indianapolis America/Jamaica America/Kentucky/Louisville
  America/Louisville America/Montreal America/Nassau America/New_York America/Nipigon America/Port-au-Prince
  America/Thunder_Bay America/Toronto Canada/Eastern EST5EDT Jamaica US/East-Indiana US/Eastern US/Michigan
AST-4: America/Anguilla America/Antigua America/Aruba America/Blanc-Sablon America/Curacao America/Dominica
  America/Grenada America/Guadeloupe America/Kralendijk America/Lower_Princes America/Marigot America/Miquelon
  America/Montserrat America/Port_of_Spain America/Puerto_Rico America/St_Barthelemy America/St_Kitts America/St_Lucia
  America/St_Thomas America/St_Vincent America/Tortola America/Virgin
EET+2 EEST+3: Africa/Cairo Asia/Beirut Asia/Famagusta Asia/Gaza Asia/Hebron Asia/Nicosia EET Egypt Europe/Athens
  Europe/Bucharest Europe/Helsinki Europe/Mariehamn Europe/Nicosia Europe/Sofia
AEST+10 AEDT+11: Antarctica/Macquarie Australia/ACT Australia/Brisbane Australia/Canberra Australia/Currie
  Australia/Hobart Australia/Lindeman Australia/Melbourne Australia/NSW Australia/Queensland Australia/Sydney
  Australia/Tasmania Australia/Victoria
MST-7 MDT-6: America/Boise America/Denver America/Edmonton America/Hermosillo America/Mazatlan America/Shiprock
  America/Yellowknife Canada/Mountain MST7MDT Mexico/BajaSur Navajo US/Mountain
EAT+3: Africa/Addis_Ababa Africa/Asmara Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala
  Africa/Mogadishu Africa/Nairobi Indian/Antananarivo Indian/Comoro Indian/Mayotte
WAT+1: Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville Africa/Luanda
  Africa/Malabo Africa/Niamey Africa/Porto-Novo
CST+8 CDT+9: Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Macao Asia/Macau Asia/Shanghai Asia/Taipei PRC ROC
PST-8 PDT-7: America/Ensenada America/Los_Angeles America/Santa_Isabel America/Tijuana America/Vancouver
  Canada/Pacific Mexico/BajaNorte PST8PDT US/Pacific
AST-4 ADT-3: America/Barbados America/Glace_Bay America/Halifax America/Martinique America/Moncton America/Thule
  Atlantic/Bermuda Canada/Atlantic
CAT+2: Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Kigali Africa/Lubumbashi Africa/Lusaka
  Africa/Maputo
EET+2 EEST+3 MSD+4: Europe/Chisinau Europe/Kiev Europe/Kyiv Europe/Riga Europe/Tallinn Europe/Tiraspol Europe/Uzhgorod
  Europe/Zaporozhye
UTC+0: Etc/UCT Etc/UTC Etc/Universal Etc/Zulu UCT UTC Universal Zulu
CST-6 EST-5 EDT-4: America/Cancun America/Indiana/Petersburg America/Indiana/Vincennes America/Indiana/Winamac
  America/Iqaluit America/Kentucky/Monticello America/Pangnirtung
GMT+0 BST+1: Europe/Belfast Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/London GB GB-Eire
MST-7 CST-6 CDT-5: America/Bahia_Banderas America/Chihuahua America/North_Dakota/Beulah America/North_Dakota/Center
  America/North_Dakota/New_Salem America/Ojinaga
EET+2: Asia/Amman Asia/Damascus Asia/Istanbul Europe/Istanbul Turkey
EST-5: America/Atikokan America/Cayman America/Coral_Harbour America/Panama EST
WET+0 WEST+1: Atlantic/Canary Atlantic/Faeroe Atlantic/Faroe Atlantic/Madeira WET
ACST+9.5 ACDT+10.5: Australia/Adelaide Australia/Broken_Hill Australia/South Australia/Yancowinna
HST-10: HST Pacific/Honolulu Pacific/Johnston US/Hawaii
MST-7: America/Creston America/Phoenix MST US/Arizona
NZST+12 NZDT+13: Antarctica/McMurdo Antarctica/South_Pole NZ Pacific/Auckland
PST-8 MST-7: America/Dawson_Creek America/Fort_Nelson America/Whitehorse Canada/Yukon
SST-11: Pacific/Midway Pacific/Pago_Pago Pacific/Samoa US/Samoa
AKST-9 AKDT-8 PDT-7: America/Juneau America/Metlakatla America/Sitka
BST-11 HST-10 HDT-9: America/Adak America/Atka US/Aleutian
EET+2 MSK+3 MSK+4: Europe/Moscow Europe/Simferopol W-SU
IST+2 IDT+3: Asia/Jerusalem Asia/Tel_Aviv Israel
SAST+2: Africa/Johannesburg Africa/Maseru Africa/Mbabane
ACST+9.5: Australia/Darwin Australia/North
AEST+10: Australia/LHI Australia/Lord_Howe
AHST-10 AKST-9 AKDT-8: America/Anchorage US/Alaska
AWST+8 AWDT+9: Australia/Perth Australia/West
CAT+2 EAT+3: Africa/Juba Africa/Khartoum
CET+1 EET+2: Africa/Tripoli Libya
CST-5 CDT-4: America/Havana Cuba
CST-6: America/Regina Canada/Saskatchewan
ChST+10 GDT+11: Pacific/Guam Pacific/Saipan
EET+2 MSD+4: Europe/Kaliningrad Europe/Minsk
GMT+0 IST+1: Eire Europe/Dublin
HKT+8 HKST+9: Asia/Hong_Kong Hongkong
IST+5.5: Asia/Calcutta Asia/Kolkata
JST+9: Asia/Tokyo Japan
KST+9 KDT+10: Asia/Seoul ROK
NST-3.5 NDT-2.5 NDDT-1.5: America/St_Johns Canada/Newfoundland
WET+0 CET+1 CEST+2: Africa/Algiers Africa/Ceuta
WET+0 WEST+1 CEST+2: Europe/Lisbon Portugal
WITA+8: Asia/Makassar Asia/Ujung_Pandang
AKST-9 AKDT-8: America/Yakutat
AST-4 ADT-3 ADDT-2: America/Goose_Bay
BST-11 BDT-10 AKST-9 AKDT-8: America/Nome
CET+1 EET+2 EEST+3 MSD+4: Europe/Vilnius
CST-6 CDT-5 EDT-4: America/Indiana/Tell_City
EST-5 AST-4: America/Santo_Domingo
GMT+0 WAT+1: Africa/Sao_Tome
KST+8.5 KST+9: Asia/Pyongyang
MET+1 MEST+2: MET
MSK+3: Europe/Volgograd
MSK+3 MSK+4: Europe/Kirov
MST-7 CST-6: America/Swift_Current
MST-7 MDT-6 CDT-5: America/Ciudad_Juarez
MST-7 MDT-6 EST-5: America/Cambridge_Bay
PKT+5 PKST+6: Asia/Karachi
PST+8 PDT+9: Asia/Manila
PST-8 MST-7 MDT-6: America/Inuvik
WAT+1 CAT+2: Africa/Windhoek
WAT+1 WAST+2: Africa/Ndjamena
WEST+1: Atlantic/Azores
WIB+7: Asia/Jakarta
WIB+7 WITA+8: Asia/Pontianak
WIT+9: Asia/Jayapura
YST-9 PST-8 MST-7: America/Dawson
`;

/** Zone → offset in seconds → name; filled when a zone is first asked for. */
const zones = new Map<string, ReadonlyMap<number, string>>();

function fill(): void {
  for (const line of NAMES.trim().split(/\n(?! )/)) {
    const [left, right] = line.split(": ") as [string, string];
    const names = new Map<number, string>();
    for (const word of left.split(" ")) {
      const name = word.replace(/[+-].*/, "");
      names.set(Number(word.slice(name.length)) * 3600, name);
    }
    for (const zone of right.split(/\s+/)) zones.set(zone.toLowerCase(), names);
  }
}

/** What clocks in `zone` are called at `offset` (seconds east): `CEST`, `LMT` (local mean time), or the offset itself: `+03`, `-0330`. */
export function zoneName(zone: string, offset: number): string {
  if (zones.size === 0) fill();
  const name = zones.get(zone.toLowerCase())?.get(offset);
  if (name !== undefined) return name;
  // Before there were zones each town had the time of its own meridian.
  if (offset % 900 !== 0) return "LMT";
  const minutes = Math.floor(Math.abs(offset) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  const rest = minutes % 60 === 0 ? "" : String(minutes % 60).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${hours}${rest}`;
}
