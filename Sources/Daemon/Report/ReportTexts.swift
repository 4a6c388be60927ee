import Foundation

/// Numbers for people.
enum NumberText {
    /// With a narrow space between thousands.
    static func whole(_ number: Int) -> String {
        let digits = String(abs(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "\u{202F}" }
            text.append(digit)
        }
        return number < 0 ? "−" + text : text
    }

    static func whole(_ number: Double) -> String {
        whole(Int(number.rounded()))
    }

    /// With at most two digits behind the point, fewer the larger it is.
    static func short(_ number: Double) -> String {
        guard number < 100 else { return whole(number) }
        let rounded = (number * 100).rounded() / 100
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }

    static func seconds(_ number: Double) -> String {
        "\(short(number)) s"
    }
}

/// Times for people, in UTC.
enum DateText {
    static func day(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }

    static func minute(_ date: Date) -> String {
        day(date) + " "
            + date.formatted(.iso8601.time(includingFractionalSeconds: false)).prefix(5)
    }
}

extension ReportPage {
    /// Eight colours that are told apart by those who see few, too; nothing here needs escaping.
    static let style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --grid: #d8dee4;
          --page: #ffffff; --c0: #0b63ce; --c1: #b35900; --c2: #1a7f37; --c3: #a4307f;
          --c4: #6b4fbb; --c5: #006d77; --c6: #8a6d00; --c7: #b42318; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b1;
          --grid: #30363d; --page: #0d1117; --c0: #6cb0ff; --c1: #f0a35e; --c2: #6fd08c;
          --c3: #f08fcb; --c4: #b9a3ff; --c5: #5fd0da; --c6: #e3c34a; --c7: #ff9b8f; } }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 1rem/1.5 system-ui, sans-serif; }
        header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
        header { padding-top: 1.5rem; } footer { padding-block: 2rem; color: var(--soft); }
        h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; font-size: 1.25rem; }
        svg { display: block; width: 100%; height: auto; }
        svg text { font-size: 11px; fill: var(--soft); }
        text.y { text-anchor: end; dominant-baseline: middle; } text.x { text-anchor: middle; }
        .grid { stroke: var(--grid); }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .line.c0 { stroke: var(--c0); } .line.c1 { stroke: var(--c1); }
        .line.c2 { stroke: var(--c2); } .line.c3 { stroke: var(--c3); }
        .line.c4 { stroke: var(--c4); } .line.c5 { stroke: var(--c5); }
        .line.c6 { stroke: var(--c6); } .line.c7 { stroke: var(--c7); }
        .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0;
          list-style: none; }
        .legend li::before { content: ""; display: inline-block; width: 1rem; height: .25rem;
          margin-right: .5rem; vertical-align: middle; background: currentColor; }
        li.c0 { color: var(--c0); } li.c1 { color: var(--c1); } li.c2 { color: var(--c2); }
        li.c3 { color: var(--c3); } li.c4 { color: var(--c4); } li.c5 { color: var(--c5); }
        li.c6 { color: var(--c6); } li.c7 { color: var(--c7); }
        .many { display: grid; gap: 1.5rem;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); }
        figure { margin: 0; } figcaption { font-size: .875rem; color: var(--soft);
          overflow-wrap: anywhere; }
        .bars { display: grid; grid-template-columns: max-content 1fr max-content;
          gap: .5rem 1rem; align-items: center; }
        .bars p { margin: 0; } .bars svg { height: .9rem; } .bar { fill: var(--c7); }
        .wide { overflow-x: auto; } .wide svg { min-width: 36rem; }
        table { border-collapse: collapse; font-size: .875rem; white-space: nowrap; }
        th, td { padding: .25rem .75rem .25rem 0; text-align: left;
          border-bottom: 1px solid var(--grid); }
        td:nth-child(n+5), th:nth-child(n+5) { text-align: right;
          font-variant-numeric: tabular-nums; }
        """
}
