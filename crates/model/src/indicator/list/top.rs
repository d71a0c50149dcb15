//! What stands behind the last dot: top-level domains and endings of files.
//!
//! Whoever lists indicators writes names of files, versions of programs and sentences beside them, and what
//! tells them apart is the end. Domains of countries are those that ISO 3166-1 gives two letters, of the others
//! the ones that are in use; what is missing is refused by name and never lost.

use super::letters::Letter;

/// Domains of countries and regions (ISO 3166-1, and what was reserved besides).
const COUNTRIES: &str = " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz \
ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr \
ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp \
ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu \
mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa \
sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug \
uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ";

/// Others.
const OTHERS: &str = " com net org edu gov mil int arpa info biz name pro aero coop museum jobs mobi travel tel asia cat post xxx \
academy accountant accountants actor adult agency ai amazon app apps art associates attorney auction audio auto autos \
baby band bank bar bargains bayern beauty beer berlin best bet bid bike bingo bio black blog blue boats bond boo boutique \
broker build builders business buzz cab cafe cam camera camp capital car cards care career careers cars casa cash casino \
center ceo charity chat cheap church city claims cleaning click clinic clothing cloud club coach codes coffee college \
community company computer condos construction consulting contact contractors cooking cool country coupons courses credit \
creditcard cricket cruises cyou dad dance date dating day deals degree delivery democrat dental design dev diamonds diet \
digital direct directory discount doctor dog domains download earth eco education email energy engineer engineering \
enterprises equipment esq estate events exchange expert exposed express fail faith family fan fans farm fashion feedback \
film finance financial fish fishing fit fitness flights florist flowers foo football forex forsale foundation fun fund \
furniture futbol fyi gallery game games garden gay gdn gift gifts gives glass global gmbh gold golf google graphics gratis \
green gripe group guide guitars guru hair haus health healthcare help hiphop hockey holdings holiday homes horse hospital \
host hosting hot house how icu immo immobilien inc industries ing ink institute insurance insure international investments \
irish jetzt jewelry kaufen kim kitchen kiwi kyoto lat law lawyer lease legal lgbt life lighting limited limo link live llc \
loan loans lol london lotto love ltd ltda luxe luxury maison makeup management map market marketing markets mba media \
meme memorial men menu microsoft mom money monster mortgage moscow motorcycles mov movie nagoya navy network new news \
nexus ngo ninja observer okinawa one ong onl online ooo osaka page paris partners parts party pet phd photo photography \
photos pics pictures pink pizza place play plumbing plus poker porn press productions prof promo properties property pub \
qpon quest racing realty recipes red rehab reise reisen rent rentals repair report republican rest restaurant review \
reviews rich rip rocks rodeo rsvp run ryukyu saarland sale salon sarl sbs school schule science security services sex \
sexy shiksha shoes shop shopping show singles site ski skin soccer social software solar solutions space sport spot srl \
store stream studio study style sucks supplies supply support surf surgery systems tattoo tax taxi team tech technology \
tennis theater theatre tickets tienda tips tires today tokyo tools top tours town toys trade trading training tube \
university uno vacations vegas ventures vet viajes video villas vin vip vision vodka vote voting voto voyage wang watch \
watches webcam website wedding wiki win wine work works world wtf xin xyz yachts yoga yokohama zip zone \
onion local localhost internal lan home corp intranet localdomain test example invalid ";

/// Those in other writings.
const WRITTEN: &str = " テスト みんな コム ストア セール ファッション クラウド グーグル アマゾン ポイント 中国 中國 香港 台湾 台灣 \
公司 网络 企业 世界 集团 商城 网站 商店 在线 中文网 我爱你 移动 新闻 政务 公益 한국 닷컴 닷넷 삼성 рф рус сайт онлайн москва дети \
укр бел мкд срб бг ею орг ком ελ ευ ไทย คอม ";

/// Domains that are endings of files and names of products as often.
const BOTH: &str =
    " md sh py rs pl so ps cc zip mov app ai io sc la st as vi cab pub ms bz map doc tel inc pm mm pages ";

/// Endings of files that run, carry what runs, or are made to be carried away.
const FILES: &str = " exe dll sys ps1 psm1 psd1 bat cmd vbs vbe js jse mjs wsf wsh hta jar msi msp msix scr lnk pif cpl ocx drv efi \
chm url iqy slk one xll docm dotm xlsm xltm xlam pptm ppam rtf iso img vhd vhdx rar 7z cab gz tgz bz2 xz tar ace arj \
elf ko apk ipa dmg pkg deb rpm aspx asp ashx php php5 phtml jsp jspx war class bin dat tmp ";

/// Endings of files that every text speaks of.
const TEXTS: &str = " txt log csv tsv json xml yml yaml ini conf cfg toml pdf doc docx xls xlsx ppt pptx odt png jpg jpeg gif bmp svg \
webp ico htm html css c h cpp cs go java kt swift rb lua ts tsx jsx sql db sqlite bak old eml msg pcap pcapng evtx etl dmp \
ttf woff mp3 mp4 avi wav key pem crt cer der pfx p12 reg inf rst tex lock sum mod wasm map plist vb r ";

/// What an ending says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// A top-level domain.
    Top,
    /// One, or a file.
    Both,
    /// A file that is worth looking for.
    File,
    /// A file, or a part of a sentence.
    Text,
    /// Nothing that is known.
    Other,
}

/// What an ending in small letters says.
pub(super) fn ending(last: &str) -> Ending {
    let is_in = |list: &str| list.contains(&format!(" {last} "));
    if is_in(BOTH) {
        Ending::Both
    } else if is_known(last) {
        Ending::Top
    } else if is_in(FILES) {
        Ending::File
    } else if is_in(TEXTS) {
        Ending::Text
    } else {
        Ending::Other
    }
}

/// Whether there is a top-level domain of this name, in small letters.
pub(super) fn is_known(last: &str) -> bool {
    let named = format!(" {last} ");
    let is_in = |list: &str| list.contains(&named);
    !last.is_empty() && (last.starts_with("xn--") || is_in(COUNTRIES) || is_in(OTHERS) || is_in(WRITTEN))
}

/// Behind the ending of the first file of some signs, where blanks do not tell.
pub(super) fn behind_ending(letters: &[Letter]) -> Option<usize> {
    let dots = letters.iter().enumerate().filter(|(_, letter)| letter.sign == '.').map(|(at, _)| at);
    for dot in dots {
        let last = letters[dot + 1..].iter().take_while(|letter| letter.sign.is_ascii_alphanumeric());
        let last: String = last.map(|letter| letter.sign.to_ascii_lowercase()).collect();
        let behind = dot + 1 + last.len();
        let goes_on = letters.get(behind).is_some_and(|next| matches!(next.sign, '.' | '\\' | '-' | '_'));
        if !goes_on && matches!(ending(&last), Ending::File | Ending::Text | Ending::Both) {
            return Some(behind);
        }
    }
    None
}
