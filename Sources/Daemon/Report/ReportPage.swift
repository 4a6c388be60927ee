public import Foundation
public import Publishing
public import Storage
import XML

/// What became of readers and deliveries, as one page of HTML that needs nothing else.
public struct ReportPage: Sendable {
    private let past: PastSnapshot
    private let title: String
    private let elsewhere: [String]
    private let date: Date

    /// How many of the latest deliveries have a curve of their own.
    private static let mostCurves = 6

    /// - Parameters:
    ///   - past: what is shown.
    ///   - title: whose report it is.
    ///   - newsletters: those with an engine have readers of whom nothing is known here.
    ///   - date: when it was made.
    public init(
        _ past: PastSnapshot,
        title: String,
        newsletters: [Newsletter] = [],
        at date: Date
    ) {
        self.past = past
        self.title = title
        elsewhere = newsletters.compactMap { newsletter in
            newsletter.engine.map {
                "PubSub readers of \(newsletter.title) are at \($0), which alone knows how many they are. "
                    + "Here are those whom Broadsheet serves itself."
            }
        }
        self.date = date
    }

    public var html: String {
        var writer = Writer()
        writer.write(raw: "<!DOCTYPE html>\n")
        writer.write(page)
        writer.write(raw: "\n")
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private var page: Element {
        Element("html", ["lang": "en"]) {
            Element("head") {
                Element("meta", ["charset": "utf-8"])
                Element(
                    "meta",
                    ["name": "viewport", "content": "width=device-width, initial-scale=1"]
                )
                // It loads nothing and runs nothing, whatever a title may hold.
                Element(
                    "meta",
                    [
                        "http-equiv": "Content-Security-Policy",
                        "content": "default-src 'none'; style-src 'unsafe-inline'",
                    ]
                )
                Element("title") { "\(title): report" }
                Element("style") { Self.style }
            }
            Element("body") {
                Element("header") {
                    Element("h1") { title }
                    Element("p") { "As of \(DateText.minute(date)) UTC." }
                }
                Element("main") {
                    readers
                    curves
                    failures
                    deliveries
                }
                Element("footer") {
                    let program = BroadsheetService.version
                    Element("p") { "\(program.name) \(program.version)" }
                }
            }
        }
    }
}

// MARK: - Readers

extension ReportPage {
    private var readers: Element {
        Self.section("Readers over time") {
            if past.days.isEmpty {
                Element("p") { "Nothing is known yet: readers are counted while the service runs." }
            } else {
                Element("div", ["class": "wide"]) { readerChart.element }
                Self.legend(readerChart.lines.map(\.name))
            }
            for sentence in elsewhere { Element("p") { sentence } }
        }
    }

    private var readerChart: LineChart {
        let nodes = Dictionary(grouping: past.days, by: \.node)
            .sorted { $0.key.rawValue < $1.key.rawValue }
        let lines = nodes.map { node, days in
            LineChart.Line(
                name: "\(node): \(NumberText.whole(days.last?.readers ?? 0))",
                points: days.map { ($0.day.timeIntervalSince1970, Double($0.readers)) },
                isStepped: true
            )
        }
        let scale = NiceScale(
            upTo: Double(past.days.map(\.readers).max() ?? 0),
            isWhole: true
        )
        return LineChart(
            description: "Readers of each node, day by day",
            lines: lines,
            xTicks: Self.dayTicks(past.days.map(\.day)),
            yTicks: scale.ticks.map { .init(place: $0, label: NumberText.whole($0)) }
        )
    }

    /// From the first to the last day, at most five.
    private static func dayTicks(_ days: [Date]) -> [LineChart.Tick] {
        guard let first = days.min(), let last = days.max() else { return [] }
        let length = last.timeIntervalSince(first)
        let count = min(4, Int(length / 86_400))
        return (0...count).map { index in
            let part = count == 0 ? 0 : Double(index) / Double(count)
            // Whole days, however they divide.
            let day = (length * part / 86_400).rounded() * 86_400
            let date = first.addingTimeInterval(day)
            return .init(place: date.timeIntervalSince1970, label: DateText.day(date))
        }
    }
}

// MARK: - Deliveries

extension ReportPage {
    private var curves: Element {
        let shown = past.deliveries.filter { $0.record.sent > 0 }.prefix(Self.mostCurves)
        return Self.section("The latest deliveries") {
            if shown.isEmpty {
                Element("p") { "No issue has gone to anybody yet." }
            } else {
                Element("div", ["class": "many"]) {
                    for delivery in shown {
                        Element("figure") {
                            Self.chart(of: delivery).element
                            Element("figcaption") { delivery.caption }
                        }
                    }
                }
            }
        }
    }

    /// Readers reached, by seconds from the start.
    private static func chart(of delivery: PastSnapshot.Delivery) -> LineChart {
        let start = delivery.record.createdAt
        var points = [(x: 0.0, y: 0.0)]
        points += delivery.points.map { ($0.at.timeIntervalSince(start), Double($0.sent)) }
        if let end = delivery.record.finishedAt {
            points.append((end.timeIntervalSince(start), Double(delivery.record.sent)))
        }
        let seconds = NiceScale(upTo: points.map(\.x).max() ?? 0, count: 3)
        let readers = NiceScale(upTo: Double(delivery.record.total), count: 3, isWhole: true)
        return LineChart(
            description: delivery.caption,
            lines: [.init(name: delivery.caption, points: points)],
            xTicks: seconds.ticks.map { .init(place: $0, label: NumberText.seconds($0)) },
            yTicks: readers.ticks.map { .init(place: $0, label: NumberText.whole($0)) },
            size: (360, 180)
        )
    }

    private var deliveries: Element {
        Self.section("Deliveries in numbers") {
            Self.table(
                [
                    "issue", "node", "began", "state", "readers", "have it", "seconds", "a second",
                    "failed",
                ],
                past.deliveries.map { delivery in
                    let record = delivery.record
                    return [
                        record.item.rawValue, delivery.node.rawValue,
                        DateText.minute(record.createdAt), record.state.rawValue,
                        NumberText.whole(record.total), NumberText.whole(record.sent),
                        delivery.seconds.map(NumberText.short) ?? "–",
                        delivery.rate.map(NumberText.whole) ?? "–",
                        NumberText.whole(delivery.failed),
                    ]
                }
            )
        }
    }
}

// MARK: - Failures

extension ReportPage {
    private var failures: Element {
        var sums: [String: Int] = [:]
        for failure in past.deliveries.flatMap(\.failures) {
            sums[failure.condition.rawValue, default: 0] += failure.readers
        }
        let most = sums.values.max() ?? 1
        return Self.section("Why readers did not get what was sent") {
            if sums.isEmpty {
                Element("p") { "Nobody was given up." }
            } else {
                Element("div", ["class": "bars"]) {
                    for (condition, count) in sums.sorted(by: {
                        ($1.value, $0.key) < ($0.value, $1.key)
                    }) {
                        Element("p") { condition }
                        Self.bar(Double(count) / Double(most), "\(condition): \(count)")
                        Element("p") { NumberText.whole(count) }
                    }
                }
            }
        }
    }

    private static func bar(_ part: Double, _ description: String) -> Element {
        Element(
            "svg",
            [
                "viewBox": "0 0 100 10", "preserveAspectRatio": "none", "role": "img",
                "aria-label": description,
            ]
        ) {
            Element(
                "rect",
                [
                    "class": "bar", "width": String(format: "%.1f", max(0.5, part * 100)),
                    "height": "10",
                ]
            )
        }
    }
}

// MARK: - Pieces

extension ReportPage {
    private static func section(
        _ title: String,
        @ElementBuilder _ content: () -> [Element.Node]
    ) -> Element {
        Element("section") {
            Element("h2") { title }
            content()
        }
    }

    private static func legend(_ names: [String]) -> Element {
        Element("ul", ["class": "legend"]) {
            for (index, name) in names.enumerated() {
                Element("li", ["class": "c\(index % 8)"]) { name }
            }
        }
    }

    private static func table(_ heads: [String], _ rows: [[String]]) -> Element {
        Element("div", ["class": "wide"]) {
            Element("table") {
                Element("tr") {
                    for head in heads { Element("th", ["scope": "col"]) { head } }
                }
                for row in rows {
                    Element("tr") {
                        for cell in row { Element("td") { cell } }
                    }
                }
            }
        }
    }
}

extension PastSnapshot.Delivery {
    fileprivate var failed: Int { failures.reduce(0) { $0 + $1.readers } }

    fileprivate var seconds: Double? {
        record.finishedAt.map { $0.timeIntervalSince(record.createdAt) }
    }

    fileprivate var rate: Double? {
        seconds.flatMap { $0 > 0 ? Double(record.sent) / $0 : nil }
    }

    fileprivate var caption: String {
        let place = "\(record.item.rawValue) to \(node.rawValue)"
        let readers = NumberText.whole(record.sent) + (record.sent == 1 ? " reader" : " readers")
        guard let seconds else { return "\(place): \(readers), \(record.state.rawValue)" }
        return "\(place): \(readers) in \(NumberText.short(seconds)) s"
    }
}
