// The table of the dialect tests: one entry to a row, and what each implementation made of it. Where the shell would
// run, redirect or join something, or where bash and other shells differ, `refuses` stands for what it did.

let measuredRows: [MeasuredRow] = [
    // Plain values.
    MeasuredRow("K=v", all: .reads("v")),
    MeasuredRow("K=", all: .reads("")),
    MeasuredRow("K=\"\"", all: .reads("")),
    MeasuredRow("K=''", all: .reads("")),
    MeasuredRow("K=a=b", all: .reads("a=b")),
    MeasuredRow("K=*", all: .reads("*")),
    MeasuredRow("K={a,b}", all: .reads("{a,b}")),
    MeasuredRow("1K=v", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .refuses),
    MeasuredRow("A-B=v", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .refuses),
    MeasuredRow("A.B=v", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .refuses),
    MeasuredRow("A[0]=v", node: .absent, python: .reads("v"), compose: .reads("v"), shell: .refuses),
    MeasuredRow("É=v", node: .absent, python: .reads("v"), compose: .reads("v"), shell: .refuses),
    MeasuredRow("export K=v", all: .reads("v")),
    MeasuredRow("export\tK=v", all: .reads("v")),
    MeasuredRow("export export=v", all: .reads("v")),
    MeasuredRow("UID=5", node: .reads("5"), python: .reads("5"), compose: .reads("5"), shell: .refuses),
    // White space.
    MeasuredRow("K = v", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .refuses),
    MeasuredRow("K= v", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .refuses),
    MeasuredRow("K\t=v", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .refuses),
    MeasuredRow("K=v ", all: .reads("v")),
    MeasuredRow("K=v\u{A0}", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .reads("v\u{A0}")),
    MeasuredRow("K=\u{A0}v", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .reads("\u{A0}v")),
    MeasuredRow("K=a b", node: .reads("a b"), python: .reads("a b"), compose: .reads("a b"), shell: .refuses),
    MeasuredRow("export K=a b", node: .reads("a b"), python: .reads("a b"), compose: .reads("a b"), shell: .reads("a")),
    MeasuredRow("K=v\u{B}", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .reads("v\u{B}")),
    // Comments.
    MeasuredRow(
        "K=p@ss#word", node: .reads("p@ss"), python: .reads("p@ss#word"), compose: .reads("p@ss#word"),
        shell: .reads("p@ss#word")),
    MeasuredRow("K=a #x", all: .reads("a")),
    MeasuredRow("K=a\t#x", node: .reads("a"), python: .reads("a"), compose: .reads("a\t#x"), shell: .reads("a")),
    MeasuredRow("K=#x", node: .reads(""), python: .reads("#x"), compose: .reads("#x"), shell: .reads("#x")),
    MeasuredRow("K= #x", node: .reads(""), python: .reads("#x"), compose: .reads("#x"), shell: .reads("")),
    MeasuredRow("K=\"a\"#x", node: .reads("a"), python: .reads("a"), compose: .reads("a"), shell: .reads("a#x")),
    MeasuredRow("K=\"a\" #x", all: .reads("a")),
    MeasuredRow("K='a#b' # c", all: .reads("a#b")),
    MeasuredRow("K=\"a#b", node: .reads("\"a"), python: .absent, compose: .refuses, shell: .refuses),
    // Line endings and marks.
    MeasuredRow("K=v\r", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .reads("v\r")),
    MeasuredRow("K=\"v\"\r", node: .reads("v"), python: .reads("v"), compose: .reads("v"), shell: .reads("v\r")),
    MeasuredRow(
        "K='a\r\nb'", node: .reads("a\nb"), python: .reads("a\nb"), compose: .reads("a\r\nb"), shell: .reads("a\r\nb")),
    MeasuredRow("\u{FEFF}K=v", node: .reads("v"), python: .absent, compose: .reads("v"), shell: .refuses),
    MeasuredRow("K=a\rb", node: .reads("a"), python: .reads("a"), compose: .reads("a\rb"), shell: .reads("a\rb")),
    // Quotes.
    MeasuredRow("K='a'b'", node: .reads("a'b"), python: .absent, compose: .refuses, shell: .refuses),
    MeasuredRow("K=\"a\"b", node: .reads("\"a\"b"), python: .absent, compose: .reads("a"), shell: .reads("ab")),
    MeasuredRow("K=\"a\" B=c", node: .reads("\"a\" B=c"), python: .absent, compose: .reads("a"), shell: .reads("a")),
    MeasuredRow("K=''''", node: .reads("''"), python: .absent, compose: .refuses, shell: .reads("")),
    MeasuredRow("K=\"a'b", node: .reads("\"a'b"), python: .absent, compose: .refuses, shell: .refuses),
    MeasuredRow("K=\"abc", node: .reads("\"abc"), python: .absent, compose: .refuses, shell: .refuses),
    MeasuredRow("K=`v`", node: .reads("v"), python: .reads("`v`"), compose: .reads("`v`"), shell: .expands(["$(…)"])),
    MeasuredRow(
        "K=`a\"'b`", node: .reads("a\"'b"), python: .reads("`a\"'b`"), compose: .reads("`a\"'b`"),
        shell: .expands(["$(…)"])),
    MeasuredRow("K='a\"b'", all: .reads("a\"b")),
    MeasuredRow("K=\"a'b\"", all: .reads("a'b")),
    MeasuredRow("K='it'\\''s'", node: .reads("it'\\''s"), python: .absent, compose: .refuses, shell: .reads("it's")),
    MeasuredRow(
        "K=a\"b c\"", node: .reads("a\"b c\""), python: .reads("a\"b c\""), compose: .reads("a\"b c\""),
        shell: .reads("ab c")),
    MeasuredRow(
        "K=\\\"a\\\"", node: .reads("\\\"a\\\""), python: .reads("\\\"a\\\""), compose: .reads("\\\"a\\\""),
        shell: .reads("\"a\"")),
    // Escapes.
    MeasuredRow("K='it\\'s'", node: .reads("it\\'s"), python: .reads("it's"), compose: .reads("it's"), shell: .refuses),
    MeasuredRow(
        "K=\"a\\tb\\\"c\\\\d\"", node: .reads("a\\tb\\\"c\\\\d"), python: .reads("a\tb\"c\\d"),
        compose: .reads("a\tb\"c\\d"), shell: .reads("a\\tb\"c\\d")),
    MeasuredRow("K='C:\\'", node: .reads("C:\\"), python: .reads("C:\\"), compose: .refuses, shell: .reads("C:\\")),
    MeasuredRow(
        "K=\"C:\\\\\"", node: .reads("C:\\\\"), python: .reads("C:\\"), compose: .reads("C:\\"), shell: .reads("C:\\")),
    MeasuredRow(
        "K=C:\\dir", node: .reads("C:\\dir"), python: .reads("C:\\dir"), compose: .reads("C:\\dir"),
        shell: .reads("C:dir")),
    MeasuredRow("K='a\\nb'", all: .reads("a\\nb")),
    MeasuredRow(
        "K='a\\\\nb'", node: .reads("a\\\\nb"), python: .reads("a\\nb"), compose: .reads("a\\\\nb"),
        shell: .reads("a\\\\nb")),
    MeasuredRow(
        "K=\"a\\nb\"", node: .reads("a\nb"), python: .reads("a\nb"), compose: .reads("a\nb"), shell: .reads("a\\nb")),
    MeasuredRow(
        "K=\"\\0101\\01\\c\\a\\x\"", node: .reads("\\0101\\01\\c\\a\\x"), python: .reads("\\0101\\01\\c\u{7}\\x"),
        compose: .reads("A\\1\\c\u{7}\\x"), shell: .reads("\\0101\\01\\c\\a\\x")),
    MeasuredRow(
        "K=\"a\\\\\\\"b\"", node: .reads("a\\\\\\\"b"), python: .reads("a\\\"b"), compose: .reads("a\\\"b"),
        shell: .reads("a\\\"b")),
    MeasuredRow(
        "K=a\\ b", node: .reads("a\\ b"), python: .reads("a\\ b"), compose: .reads("a\\ b"), shell: .reads("a b")),
    MeasuredRow(
        "K=\"a\\$b\"", node: .reads("a\\$b"), python: .reads("a\\$b"), compose: .reads("a$b"), shell: .reads("a$b")),
    // Several lines.
    MeasuredRow("K=\"a\nb\"", all: .reads("a\nb")),
    MeasuredRow("K='a\nb' # c", all: .reads("a\nb")),
    MeasuredRow(
        "K=`a\nb`", node: .reads("a\nb"), python: .reads("`a"), compose: .reads("`a"), shell: .expands(["$(…)"])),
    MeasuredRow(
        "K=\"a\\\nb\"", node: .reads("a\\\nb"), python: .reads("a\\\nb"), compose: .reads("a\\\nb"), shell: .reads("ab")
    ),
    MeasuredRow(
        "K=\"{\n  \\\"k\\\": 1\n}\"", node: .reads("{\n  \\\"k\\\": 1\n}"), python: .reads("{\n  \"k\": 1\n}"),
        compose: .reads("{\n  \"k\": 1\n}"), shell: .reads("{\n  \"k\": 1\n}")),
    // References and commands.
    MeasuredRow(
        "K='a${P}'", node: .reads("a${P}"), python: .expands(["P"]), compose: .reads("a${P}"), shell: .reads("a${P}")),
    MeasuredRow("K=a$P", node: .reads("a$P"), python: .reads("a$P"), compose: .expands(["P"]), shell: .expands(["P"])),
    MeasuredRow(
        "K=${X:-d}", node: .reads("${X:-d}"), python: .expands(["X"]), compose: .expands(["X"]), shell: .expands(["X"])),
    MeasuredRow(
        "K=\"x${A}y\"", node: .reads("x${A}y"), python: .expands(["A"]), compose: .expands(["A"]),
        shell: .expands(["A"])),
    MeasuredRow(
        "K=$2a$08$xyz", node: .reads("$2a$08$xyz"), python: .reads("$2a$08$xyz"), compose: .expands(["xyz"]),
        shell: .expands(["2", "0", "xyz"])),
    MeasuredRow(
        "K=$2b$10$Ab/Cd.", node: .reads("$2b$10$Ab/Cd."), python: .reads("$2b$10$Ab/Cd."), compose: .expands(["Ab"]),
        shell: .expands(["2", "1", "Ab"])),
    MeasuredRow("K=a$ b", node: .reads("a$ b"), python: .reads("a$ b"), compose: .reads("a$ b"), shell: .refuses),
    MeasuredRow("K=a$", all: .reads("a$")),
    MeasuredRow("K=$$x", node: .reads("$$x"), python: .reads("$$x"), compose: .reads("$x"), shell: .expands(["$"])),
    MeasuredRow(
        "K=$(echo hi)", node: .reads("$(echo hi)"), python: .reads("$(echo hi)"), compose: .reads("$(echo hi)"),
        shell: .expands(["$(…)"])),
    MeasuredRow(
        "K=\"`date`\"", node: .reads("`date`"), python: .reads("`date`"), compose: .reads("`date`"),
        shell: .expands(["$(…)"])),
    MeasuredRow("K=~/x", node: .reads("~/x"), python: .reads("~/x"), compose: .reads("~/x"), shell: .expands(["HOME"])),
    MeasuredRow(
        "K=a:~/x", node: .reads("a:~/x"), python: .reads("a:~/x"), compose: .reads("a:~/x"), shell: .expands(["HOME"])),
    MeasuredRow("K=${X", node: .reads("${X"), python: .reads("${X"), compose: .refuses, shell: .refuses),
    MeasuredRow("K=${}", node: .reads("${}"), python: .expands([""]), compose: .refuses, shell: .refuses),
    MeasuredRow("K='$x'", all: .reads("$x")),
    MeasuredRow("K=$'a'", node: .reads("$'a'"), python: .reads("$'a'"), compose: .reads("$'a'"), shell: .refuses),
    MeasuredRow(
        "export K={a,b}", node: .reads("{a,b}"), python: .reads("{a,b}"), compose: .reads("{a,b}"), shell: .refuses),
    // Operators.
    MeasuredRow("K=v;", node: .reads("v;"), python: .reads("v;"), compose: .reads("v;"), shell: .reads("v")),
    MeasuredRow(
        "K=v; export K", node: .reads("v; export K"), python: .reads("v; export K"), compose: .reads("v; export K"),
        shell: .reads("v")),
    MeasuredRow("K=a;b", node: .reads("a;b"), python: .reads("a;b"), compose: .reads("a;b"), shell: .refuses),
    MeasuredRow("K=a&b", node: .reads("a&b"), python: .reads("a&b"), compose: .reads("a&b"), shell: .refuses),
    MeasuredRow("K=a|b", node: .reads("a|b"), python: .reads("a|b"), compose: .reads("a|b"), shell: .refuses),
    MeasuredRow("K=a>f", node: .reads("a>f"), python: .reads("a>f"), compose: .reads("a>f"), shell: .refuses),
    MeasuredRow("K=(a)", node: .reads("(a)"), python: .reads("(a)"), compose: .reads("(a)"), shell: .refuses),
    MeasuredRow("K=<x>", node: .reads("<x>"), python: .reads("<x>"), compose: .reads("<x>"), shell: .refuses),
    // Other shapes.
    MeasuredRow("K: v", node: .reads("v"), python: .absent, compose: .reads("v"), shell: .refuses),
    MeasuredRow("K: 'v'", node: .reads("v"), python: .absent, compose: .reads("v"), shell: .refuses),
]
