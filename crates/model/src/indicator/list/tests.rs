//! Lists as people paste them.

use super::*;

/// What is taken of a line, and what is refused.
fn told(line: &str) -> Vec<String> {
    let list = read(line);
    let taken = list.taken.iter().map(|taken| (taken.place, format!("{} {}", taken.observable, taken.value)));
    let refused = list
        .refused
        .iter()
        .map(|refused| (refused.place, format!("!{} {}", refused.cause.code(), refused.text)));
    let mut all: Vec<(Place, String)> = taken.chain(refused).collect();
    all.sort();
    all.into_iter().map(|(_, told)| told).collect()
}

#[track_caller]
fn each(table: &[(&str, &[&str])]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(line, expected)| {
            let told = told(line);
            (told != *expected).then(|| format!("{line:?}\n   is {told:?}\n  not {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";
const SHA1: &str = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn addresses_and_networks() {
    each(&[
        ("203.0.113.7", &["address 203.0.113.7"]),
        ("  203[.]0[.]113[.]7  ", &["address 203.0.113.7"]),
        ("203(.)0{.}113<.>7", &["address 203.0.113.7"]),
        ("203[.0[.113[.7", &["address 203.0.113.7"]),
        (r"203\.0\.113\.7", &["address 203.0.113.7"]),
        ("203 [.] 0 [.] 113 [.] 7", &["address 203.0.113.7"]),
        ("203[dot]0(dot)113[DOT]7", &["address 203.0.113.7"]),
        ("203 dot 0 dot 113 dot 7", &["address 203.0.113.7"]),
        ("２０３．０．１１３．７", &["address 203.0.113.7"]),
        ("203。0。113。7", &["address 203.0.113.7"]),
        ("203.0.113.7:8443", &["address 203.0.113.7"]),
        ("203.0.113.7:0", &["!port 203.0.113.7:0"]),
        ("203.0.113.7:65536", &["!port 203.0.113.7:65536"]),
        ("203.0.113.7.", &["address 203.0.113.7"]),
        ("(203.0.113.7)", &["address 203.0.113.7"]),
        ("\"203.0.113.7\",\"198.51.100.9\"", &["address 203.0.113.7", "address 198.51.100.9"]),
        (
            "203.0.113.7,198.51.100.9;192.0.2.1|192.0.2.2",
            &["address 203.0.113.7", "address 198.51.100.9", "address 192.0.2.1", "address 192.0.2.2"],
        ),
        ("203.0.113.256", &["!octet 203.0.113.256"]),
        ("203.0.113.07", &["!leading-zero 203.0.113.07"]),
        ("203.0.113.0/24", &["network 203.0.113.0/24"]),
        ("203.0.113.77/24", &["network 203.0.113.0/24"]),
        ("203[.]0[.]113[.]0/24", &["network 203.0.113.0/24"]),
        ("203.0.113.7/32", &["address 203.0.113.7"]),
        ("203.0.113.0/33", &["!network-length 203.0.113.0/33"]),
        ("0.0.0.0/0", &["!network-wide 0.0.0.0/0"]),
        ("203.0.113.1-203.0.113.9", &["!range 203.0.113.1-203.0.113.9"]),
        ("203.0.113.1–9", &["!range 203.0.113.1–9"]),
        ("10.0.19045.1", &["!version 10.0.19045.1"]),
        ("1.2.3.4-beta", &["!version 1.2.3.4-beta"]),
        ("v1.2.3.4", &["!version v1.2.3.4"]),
        ("1.2.3.4.5", &["!version 1.2.3.4.5"]),
        ("version 1.2.3.4 of it", &["!version 1.2.3.4"]),
        ("バージョン1.2.3.4に更新", &["!version 1.2.3.4"]),
        ("Mozilla/5.0 (X11) Chrome/120.0.0.0 Safari/537.36", &["!version Chrome/120.0.0.0"]),
        ("1.2.3", &[]),
        ("3.14 and 2.0", &[]),
        ("2001:db8::1", &["address 2001:db8::1"]),
        ("2001:DB8:0:0::1", &["address 2001:db8::1"]),
        ("[2001:db8::1]:443", &["address 2001:db8::1"]),
        ("[2001:db8::1]", &["address 2001:db8::1"]),
        ("2001[:]db8[:][:]1", &["address 2001:db8::1"]),
        ("fe80::1%eth0", &["address fe80::1"]),
        ("::1", &["address ::1"]),
        ("fe80::", &["address fe80::"]),
        ("::ffff:203.0.113.7", &["address 203.0.113.7"]),
        ("2001:db8::/32", &["network 2001:db8::/32"]),
        ("2001:db8::/129", &["!network-length 2001:db8::/129"]),
        ("2001:db8::1::2", &["!address-malformed 2001:db8::1::2"]),
        ("2001:db8:::1:2", &["!address-malformed 2001:db8:::1:2"]),
        ("12:34:56", &[]),
        ("2026-06-11T01:00:00Z 09:30:00.123", &[]),
        ("std::string a::b", &[]),
        ("00:11:22:aa:bb:cc", &["!mac 00:11:22:aa:bb:cc"]),
        ("00-11-22-aa-bb-cc", &["!mac 00-11-22-aa-bb-cc"]),
        ("AS64496", &["!asn AS64496"]),
        ("IP:203.0.113.7", &["address 203.0.113.7"]),
        ("IP：２０３.0.113.7、", &["address 203.0.113.7"]),
        ("通信先は203.0.113.7です。", &["address 203.0.113.7"]),
        ("「203.0.113.7」と198.51.100.9。", &["address 203.0.113.7", "address 198.51.100.9"]),
    ]);
}

#[test]
fn names_of_the_dns() {
    each(&[
        ("evil.example.com", &["domain evil.example.com"]),
        ("Evil[.]Example[.]COM.", &["domain evil.example.com"]),
        ("evil[.]example.com", &["domain evil.example.com"]),
        ("evil [dot] example [dot] com", &["domain evil.example.com"]),
        ("evil dot example dot com", &["domain evil.example.com"]),
        ("evil dot com", &["domain evil.com"]),
        ("we saw evil dot com there", &["!spoken-dot evil dot com"]),
        ("connect the dot and go", &[]),
        ("www[.example[.com", &["domain www.example.com"]),
        ("www.example.]com", &["domain www.example.com"]),
        (r"evil\.example\.com", &["domain evil.example.com"]),
        ("evil。example。com", &["domain evil.example.com"]),
        ("ｅｖｉｌ．example．com", &["domain evil.example.com"]),
        ("e\u{200b}vil.exam\u{ad}ple.com", &["domain evil.example.com"]),
        ("*.evil.example.com", &["domain evil.example.com"]),
        (".evil.example.com", &["domain evil.example.com"]),
        ("<evil.example.com>", &["domain evil.example.com"]),
        ("- `evil.example.com`", &["domain evil.example.com"]),
        ("**evil.example.com**", &["domain evil.example.com"]),
        ("evil.example.com:8443", &["domain evil.example.com"]),
        ("evil.example.com:99999", &["!port evil.example.com:99999"]),
        ("evil.example.com/", &["domain evil.example.com"]),
        ("例え.テスト", &["domain xn--r8jz45g.xn--zckzah"]),
        ("日本語.jp", &["domain xn--wgv71a119e.jp"]),
        ("「日本語.jp」に接続", &["domain xn--wgv71a119e.jp"]),
        ("通信先は日本語.jpでした", &["!name-in-text 通信先は日本語.jp"]),
        ("bücher.example", &["domain xn--bcher-kva.example"]),
        ("аpple.com", &["domain xn--pple-43d.com"]),
        ("XN--R8JZ45G.xn--zckzah", &["domain xn--r8jz45g.xn--zckzah"]),
        ("evil.exampleに接続した。", &["domain evil.example"]),
        ("不審なevil.example.comへ", &["domain evil.example.com"]),
        ("ドメイン：evil.example.com", &["domain evil.example.com"]),
        ("domain=evil.example.com", &["domain evil.example.com"]),
        ("hidden7k.onion", &["domain hidden7k.onion"]),
        ("evil.nosuchtop", &["!top-unknown evil.nosuchtop"]),
        ("a.b.nosuchtop in a text", &["!top-unknown a.b.nosuchtop"]),
        ("evil[.]nosuchtop", &["!top-unknown evil[.]nosuchtop"]),
        ("This is the end.The next begins", &[]),
        ("It is done.In the end", &[]),
        ("e.g. this, i.e. that, U.S. and a.m.", &[]),
        ("-evil-.example.com", &["!name-malformed evil-.example.com"]),
        ("foo..example.com", &["!name-malformed foo..example.com"]),
        ("_evil.example.com_ is in italics", &["domain evil.example.com"]),
        ("_dmarc.example.com", &["domain _dmarc.example.com"]),
        ("evil.sh", &["!unsure evil.sh"]),
        ("evil[.]sh", &["domain evil.sh"]),
        ("readme.md", &["!unsure readme.md"]),
        ("domain: evil.md", &["domain evil.md"]),
        ("a.evil.ru, b.evil.cn", &["domain a.evil.ru", "domain b.evil.cn"]),
        ("4.3.2.1.in-addr.arpa", &["domain 4.3.2.1.in-addr.arpa"]),
        ("1.2.3.4.nip.io", &["domain 1.2.3.4.nip.io"]),
    ]);
}

#[test]
fn urls() {
    each(&[
        ("http://evil.example.com/a.php?x=1", &["url http://evil.example.com/a.php?x=1"]),
        ("hxxp://evil[.]example[.]com/a.php?x=1", &["url http://evil.example.com/a.php?x=1"]),
        ("hXXps[:]//evil.example[.]com", &["url https://evil.example.com/"]),
        ("h**p://evil.example.com/", &["url http://evil.example.com/"]),
        ("http[://]evil.example.com", &["url http://evil.example.com/"]),
        ("hxxp[s][://]evil.example.com", &["url https://evil.example.com/"]),
        ("hxxp[s]://evil.example.com", &["url https://evil.example.com/"]),
        ("hxxps://evil[.]example[.]com[/]x", &["url https://evil.example.com/x"]),
        ("ｈｔｔｐｓ：／／evil.example.com／x", &["url https://evil.example.com/x"]),
        (r"https:\/\/evil.example.com\/x", &["url https://evil.example.com/x"]),
        ("HTTP://Evil.Example.COM:80/Path#top", &["url http://evil.example.com/Path"]),
        ("https://user:pw@evil.example.com:8080/x", &["url https://evil.example.com:8080/x"]),
        ("https://203.0.113.7:8443/x", &["url https://203.0.113.7:8443/x"]),
        ("https://[2001:db8::1]:8443/x", &["url https://[2001:db8::1]:8443/x"]),
        ("(https://evil.example.com/a(b))", &["url https://evil.example.com/a(b)"]),
        ("[text](https://evil.example.com/a)", &["url https://evil.example.com/a"]),
        ("<https://evil.example.com/a,b>", &["url https://evil.example.com/a,b"]),
        ("\"https://evil.example.com/a,b\",high", &["url https://evil.example.com/a,b"]),
        ("https://evil.example.com/a,high", &["url https://evil.example.com/a"]),
        ("see https://evil.example.com/a.", &["url https://evil.example.com/a"]),
        ("https://evil.example.com/aへアクセスした", &["url https://evil.example.com/a"]),
        ("「https://evil.example.com/日本」を見た", &["url https://evil.example.com/日本"]),
        ("https://例え.テスト/x", &["url https://xn--r8jz45g.xn--zckzah/x"]),
        ("ftp://evil.example.com/x", &["url ftp://evil.example.com/x"]),
        ("fxp://evil.example.com/x", &["url ftp://evil.example.com/x"]),
        ("tcp://203.0.113.7:4444", &["url tcp://203.0.113.7:4444"]),
        ("gopher://evil.example.com/", &["!scheme gopher://evil.example.com/"]),
        ("http://srv01/x", &["!host-short http://srv01/x"]),
        ("http://evil.nosuchtop/x", &["!top-unknown http://evil.nosuchtop/x"]),
        ("http://evil.example.com:70000/", &["!port http://evil.example.com:70000/"]),
        ("http://203.0.113.700/", &["!octet http://203.0.113.700/"]),
        ("http://", &["!name-malformed http://"]),
        (
            "https://evil.example.com/login?mail=taro%40aoba.example.jp",
            &["!url-with-mail https://evil.example.com/login?mail=taro%40aoba.example.jp"],
        ),
        ("https://evil.example.com/very/long…", &["!cut https://evil.example.com/very/long"]),
        ("evil.example.com/x/y.exe", &["url evil.example.com/x/y.exe"]),
        ("evil[.]example.com[/]x", &["url evil.example.com/x"]),
        ("203.0.113.7/x.exe", &["url 203.0.113.7/x.exe"]),
        ("203.0.113.7:8080/x?y=z", &["url 203.0.113.7:8080/x?y=z"]),
        ("evil.example.com/a.php?id=1&x=2", &["url evil.example.com/a.php?id=1&x=2"]),
        ("<a href=\"http://evil.example.com/a\">x</a>", &["url http://evil.example.com/a"]),
        ("{\"url\":\"http://evil.example.com/a\",\"n\":1}", &["url http://evil.example.com/a"]),
        ("[url:value = 'http://evil.example.com/a']", &["url http://evil.example.com/a"]),
        ("> > hxxp://evil[.]example.com/quoted", &["url http://evil.example.com/quoted"]),
        ("and/or and n/a", &[]),
    ]);
}

#[test]
fn hashes() {
    let upper = SHA256.to_uppercase();
    let labelled = format!("SHA256={upper},MD5={MD5}");
    let sum = format!("{SHA1}  evil.exe");
    let openssl = format!("SHA1(evil.exe)= {SHA1}");
    let pairs = "d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e";
    let (imphash, ja3, ssdeep) =
        (format!("imphash: {MD5}"), format!("JA3 {MD5}"), "ssdeep: 3:AAAA+BBBB/C:D".to_owned());
    let (authentihash, sha512, cut) =
        (format!("Authentihash: {SHA256}"), format!("{SHA256}{SHA256}"), format!("{}…", &MD5[..24]));
    let (long, wrong, dots) =
        (format!("{SHA256}ab"), format!("sha256:{MD5}"), format!("{}...", &SHA256[..24]));
    let one = |kind: &str, value: &str| format!("{kind} {value}");
    each(&[
        (MD5, &[&one("md5", MD5)]),
        (SHA1, &[&one("sha1", SHA1)]),
        (&upper, &[&one("sha256", SHA256)]),
        (&sha512, &[&one("sha512", &sha512)]),
        (&labelled, &[&one("sha256", SHA256), &one("md5", MD5)]),
        (&sum, &[&one("sha1", SHA1), "file evil.exe"]),
        (&openssl, &["file evil.exe", &one("sha1", SHA1)]),
        (pairs, &[&one("md5", MD5)]),
        (&imphash, &[&one("imphash", MD5)]),
        (&ja3, &[&one("ja3", MD5)]),
        (&ssdeep, &["!hash-kind 3:AAAA+BBBB/C:D"]),
        (&authentihash, &[&one("!hash-kind", SHA256)]),
        (&long, &[&one("!hash-length", &long)]),
        (&wrong, &[&one("!hash-length", MD5)]),
        (&cut, &[&one("!cut", &MD5[..24])]),
        (&dots, &[&one("!cut", &SHA256[..24])]),
        ("md5: d41d8cd98f00b204e980099zecf8427e", &["!hash-length d41d8cd98f00b204e980099zecf8427e"]),
        ("12345678901234567890123456789012", &[]),
        ("deadbeef cafe", &[]),
        ("550e8400-e29b-41d4-a716-446655440000", &["!identifier 550e8400-e29b-41d4-a716-446655440000"]),
        ("ハッシュ値（MD5）：d41d8cd98f00b204e9800998ecf8427e", &[&one("md5", MD5)]),
    ]);
}

#[test]
fn files_paths_mails_and_others() {
    each(&[
        ("evil.exe", &["file evil.exe"]),
        ("Invoice_2026.PDF.exe", &["file invoice_2026.pdf.exe"]),
        ("run evil.dll with it", &["file evil.dll"]),
        ("see notes.txt for more", &["!unsure notes.txt"]),
        ("notes.txt", &["file notes.txt"]),
        ("file name: plan.sh", &["file plan.sh"]),
        ("「請求書.docm」を開いた", &["file 請求書.docm"]),
        ("添付の請求書.docmを開いた", &["!name-in-text 添付の請求書.docm"]),
        (r"C:\Temp\Up.exe", &[r"path c:\temp\up.exe"]),
        (r"C:\\Temp\\Up.exe", &[r"path c:\temp\up.exe"]),
        (r"ran C:\Program Files\Bad App\up.exe -x", &[r"path c:\program files\bad app\up.exe"]),
        (r#""C:\Program Files\Bad App\noext""#, &[r"path c:\program files\bad app\noext"]),
        (r"C:\Temp\.ssh\key.bin", &[r"path c:\temp\.ssh\key.bin"]),
        (r"C:\Temp\資料.exeを実行", &[r"path c:\temp\資料.exe"]),
        (r"\\srv01\share\up.exe", &[r"path \\srv01\share\up.exe"]),
        ("/tmp/.x/kworker", &["path /tmp/.x/kworker"]),
        ("/etc/cron.d/evil and so on", &["path /etc/cron.d/evil"]),
        (r"C:\Users\taro\AppData\up.exe", &[r"!path-of-person C:\Users\taro\AppData\up.exe"]),
        (r"C:\Users\Public\up.exe", &[r"path c:\users\public\up.exe"]),
        ("/home/taro/.bashrc", &["!path-of-person /home/taro/.bashrc"]),
        (r"%APPDATA%\up.exe", &[r"!path-variable %APPDATA%\up.exe"]),
        (r"HKLM\Software\Run\Evil", &[r"!registry HKLM\Software\Run\Evil"]),
        (r"HKEY_CURRENT_USER\Software\Evil", &[r"!registry HKEY_CURRENT_USER\Software\Evil"]),
        (r"user: AOBA\sato", &[r"!account AOBA\sato"]),
        ("bad@evil.example.com", &["mail bad@evil.example.com"]),
        ("Bad[@]Evil[.]example.com", &["mail bad@evil.example.com"]),
        ("bad[at]evil[dot]example[dot]com", &["mail bad@evil.example.com"]),
        ("bad (at) evil (dot) example.com", &["mail bad@evil.example.com"]),
        ("From: \"A B\" <bad@evil.example.com>", &["mail bad@evil.example.com"]),
        ("mailto:bad@evil.example.com", &["mail bad@evil.example.com"]),
        ("bad..one@evil.example.com", &["!mail-malformed bad..one@evil.example.com"]),
        ("left-pad@1.2.3 and @handle", &[]),
        ("root@203.0.113.7", &["!account root@203.0.113.7"]),
        ("CVE-2026-12345", &["!weakness CVE-2026-12345"]),
        ("(CVE-2026-12345, CVE-2026-9)", &["!weakness CVE-2026-12345", "!weakness CVE-2026-9"]),
        ("T1059.001 and TA0001", &[]),
        ("# 203.0.113.7", &["!comment 203.0.113.7"]),
        ("// evil.example.com", &["!comment evil.example.com"]),
        ("## 203.0.113.7", &["address 203.0.113.7"]),
        ("[x] done (y) {z} <w>", &[]),
        ("what[.]", &[]),
        ("", &[]),
        ("…、。「」", &[]),
    ]);
}

#[test]
fn each_is_named_by_its_place() {
    let list =
        read("header\n\n  hxxp://evil[.]example[.]com/a、203[.]0[.]113[.]7\r\nx,\u{200b}10.0.19045.1,y");
    let place = |line, column| Place { line, column };
    let taken: Vec<_> = list.taken.iter().map(|taken| (taken.place, taken.text.as_str())).collect();
    assert_eq!(taken, [(place(3, 3), "hxxp://evil[.]example[.]com/a"), (place(3, 33), "203[.]0[.]113[.]7")]);
    assert_eq!((list.refused[0].place, list.refused[0].text.as_str()), (place(4, 4), "10.0.19045.1"));
    assert_eq!((list.silent, list.lines), (vec![place(1, 1)], 4));
}
