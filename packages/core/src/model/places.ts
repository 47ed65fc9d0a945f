/**
 * Time zones of places with customs of their own, by name, with a space between. From CLDR 48 (supplemental/weekData and
 * windowsZones, © Unicode, Inc., licence Unicode-3.0); `node tools/places.ts` writes this file.
 */

/** Where the week begins on Sunday. */
export const sundayPlaces =
  "Africa/Addis_Ababa Africa/Gaborone Africa/Harare Africa/Johannesburg Africa/Maputo Africa/Nairobi " +
  "America/Adak America/Anchorage America/Antigua America/Araguaina America/Asuncion America/Bahia " +
  "America/Bahia_Banderas America/Belem America/Belize America/Blanc-Sablon America/Boa_Vista America/Bogota " +
  "America/Boise America/Cambridge_Bay America/Campo_Grande America/Cancun America/Caracas America/Chicago " +
  "America/Chihuahua America/Ciudad_Juarez America/Coral_Harbour America/Creston America/Cuiaba America/Dawson " +
  "America/Dawson_Creek America/Denver America/Detroit America/Dominica America/Edmonton America/Eirunepe " +
  "America/El_Salvador America/Fort_Nelson America/Fortaleza America/Glace_Bay America/Goose_Bay " +
  "America/Guatemala America/Halifax America/Hermosillo America/Indiana/Knox America/Indiana/Marengo " +
  "America/Indiana/Petersburg America/Indiana/Tell_City America/Indiana/Vevay America/Indiana/Vincennes " +
  "America/Indiana/Winamac America/Indianapolis America/Inuvik America/Iqaluit America/Jamaica America/Juneau " +
  "America/Kentucky/Monticello America/Lima America/Los_Angeles America/Louisville America/Maceio " +
  "America/Managua America/Manaus America/Matamoros America/Mazatlan America/Menominee America/Merida " +
  "America/Metlakatla America/Mexico_City America/Moncton America/Monterrey America/Nassau America/New_York " +
  "America/Nome America/Noronha America/North_Dakota/Beulah America/North_Dakota/Center " +
  "America/North_Dakota/New_Salem America/Ojinaga America/Panama America/Phoenix America/Port_of_Spain " +
  "America/Porto_Velho America/Puerto_Rico America/Rankin_Inlet America/Recife America/Regina America/Resolute " +
  "America/Rio_Branco America/Santarem America/Santo_Domingo America/Sao_Paulo America/Sitka America/St_Johns " +
  "America/St_Thomas America/Swift_Current America/Tegucigalpa America/Tijuana America/Toronto " +
  "America/Vancouver America/Whitehorse America/Winnipeg America/Yakutat Asia/Aden Asia/Bangkok Asia/Calcutta " +
  "Asia/Dhaka Asia/Hong_Kong Asia/Jakarta Asia/Jayapura Asia/Jerusalem Asia/Karachi Asia/Katmandu Asia/Macau " +
  "Asia/Makassar Asia/Manila Asia/Phnom_Penh Asia/Pontianak Asia/Rangoon Asia/Riyadh Asia/Seoul Asia/Singapore " +
  "Asia/Taipei Asia/Thimphu Asia/Tokyo Asia/Vientiane Atlantic/Azores Atlantic/Madeira Atlantic/Reykjavik " +
  "Europe/Lisbon Europe/Malta Pacific/Apia Pacific/Guam Pacific/Honolulu Pacific/Kwajalein Pacific/Majuro " +
  "Pacific/Midway Pacific/Pago_Pago Pacific/Wake";

/** Where it begins on Saturday. */
export const saturdayPlaces =
  "Africa/Algiers Africa/Cairo Africa/Djibouti Africa/Khartoum Africa/Tripoli Asia/Amman Asia/Baghdad " +
  "Asia/Bahrain Asia/Damascus Asia/Kabul Asia/Kuwait Asia/Muscat Asia/Qatar Asia/Tehran";

/** Where 5/12 is the twelfth of May. */
export const monthFirstPlaces =
  "Africa/Johannesburg Africa/Mogadishu Africa/Niamey America/Adak America/Anchorage America/Blanc-Sablon " +
  "America/Boise America/Cambridge_Bay America/Chicago America/Coral_Harbour America/Creston " +
  "America/Danmarkshavn America/Dawson America/Dawson_Creek America/Denver America/Detroit America/Edmonton " +
  "America/Fort_Nelson America/Glace_Bay America/Godthab America/Goose_Bay America/Halifax America/Indiana/Knox " +
  "America/Indiana/Marengo America/Indiana/Petersburg America/Indiana/Tell_City America/Indiana/Vevay " +
  "America/Indiana/Vincennes America/Indiana/Winamac America/Indianapolis America/Inuvik America/Iqaluit " +
  "America/Juneau America/Kentucky/Monticello America/Los_Angeles America/Louisville America/Menominee " +
  "America/Metlakatla America/Moncton America/New_York America/Nome America/North_Dakota/Beulah " +
  "America/North_Dakota/Center America/North_Dakota/New_Salem America/Panama America/Phoenix " +
  "America/Puerto_Rico America/Rankin_Inlet America/Regina America/Resolute America/Scoresbysund America/Sitka " +
  "America/St_Johns America/St_Thomas America/Swift_Current America/Thule America/Toronto America/Vancouver " +
  "America/Whitehorse America/Winnipeg America/Yakutat Antarctica/Casey Antarctica/Davis " +
  "Antarctica/DumontDUrville Antarctica/Mawson Antarctica/McMurdo Antarctica/Palmer Antarctica/Rothera " +
  "Antarctica/Syowa Antarctica/Vostok Asia/Colombo Asia/Hovd Asia/Kabul Asia/Katmandu Asia/Manila " +
  "Asia/Pyongyang Asia/Seoul Asia/Shanghai Asia/Taipei Asia/Tehran Asia/Thimphu Asia/Tokyo Asia/Ulaanbaatar " +
  "Asia/Urumqi Pacific/Guam Pacific/Honolulu Pacific/Kwajalein Pacific/Majuro Pacific/Midway Pacific/Saipan " +
  "Pacific/Wake";
