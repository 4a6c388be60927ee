import Foundation
import Publishing
import Storage
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("The report")
struct ReportTests {
    private static let noon = Date(timeIntervalSince1970: 1_795_262_400)

    private static func page(days: [ReaderDay] = []) -> String {
        ReportPage(
            PastSnapshot(days: days, deliveries: []),
            title: "<b>Verona</b> & more",
            at: noon
        )
        .html
    }

    @Test("before anything was sent it says so, and a title stays a title")
    func empty() {
        let page = Self.page()
        #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang"))
        #expect(page.contains("&lt;b&gt;Verona&lt;/b&gt; &amp; more</h1>"))
        #expect(page.contains("As of 2026-11-21 12:00 UTC."))
        #expect(page.contains("No issue has gone to anybody yet."))
        #expect(page.contains("Nobody was given up."))
    }

    @Test("of readers whom an engine has it says that they are not in it")
    func engine() throws {
        let node = try #require(NodeID(rawValue: "dispatch-en"))
        var newsletter = Newsletter(
            name: "dispatch",
            title: "Verona",
            contact: try JID("dispatch@news.verona.example"),
            defaultFeed: Newsletter.Feed(language: "en", node: node),
            author: "Friar Lorenzo"
        )
        func html() -> String {
            ReportPage(
                PastSnapshot(days: [], deliveries: []),
                title: "Verona",
                newsletters: [newsletter],
                at: Self.noon
            )
            .html
        }
        #expect(!html().contains("alone knows"))
        newsletter.engine = try JID("pubsub.verona.example")
        #expect(html().contains("at pubsub.verona.example, which alone knows how many they are."))
    }

    @Test("its style is not changed by being written as XML, and no element of HTML is cut short")
    func html() {
        let page = Self.page()
        #expect(ReportPage.style.contains { "<>&".contains($0) } == false)
        #expect(page.contains(#"content: ""; display"#))
        #expect(page.contains(/<(td|th|p|div|li|h2|figure|figcaption|ul|section)[^>]*\/>/) == false)
        #expect(page.contains("http://") == false)
    }

    @Test(
        "an axis has a few round numbers and reaches the highest value",
        arguments: [
            (0.0, [0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6, 8]),
            (99, [0, 50, 100]), (1_234, [0, 500, 1_000, 1_500]),
            (30_000_000, [0, 10_000_000, 20_000_000, 30_000_000]),
        ] as [(Double, [Double])]
    )
    func scale(highest: Double, ticks: [Double]) {
        #expect(NiceScale(upTo: highest, isWhole: true).ticks == ticks)
    }

    @Test("fractions of a second have an axis too")
    func fractions() {
        #expect(
            NiceScale(upTo: 0.034).ticks.map(NumberText.short) == [
                "0", "0.01", "0.02", "0.03", "0.04",
            ]
        )
        #expect(NiceScale(upTo: 0).end > 0)
    }

    @Test("numbers are written for people")
    func numbers() {
        #expect(NumberText.whole(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect(NumberText.whole(999) == "999")
        #expect(NumberText.whole(-1_000) == "−1\u{202F}000")
        #expect(NumberText.short(3.14159) == "3.14")
        #expect(NumberText.short(250.4) == "250")
    }

    @Test("a line goes from corner to corner of what its axes say")
    func line() {
        let chart = LineChart(
            description: "x",
            lines: [.init(name: "a", points: [(0, 0), (10, 4)])],
            xTicks: [.init(place: 0, label: "0"), .init(place: 10, label: "10")],
            yTicks: [.init(place: 0, label: "0"), .init(place: 4, label: "4")],
            size: (196, 140)
        )
        let path = chart.element.children("path").first
        #expect(path?["d"] == "M64.0 112.0L164.0 12.0")
        #expect(chart.element.children("g").count == 2)
        #expect(chart.element.children("text").map(\.text) == ["0", "10"])
    }

    @Test("a number of readers holds until the next day's")
    func steps() {
        let chart = LineChart(
            description: "x",
            lines: [.init(name: "a", points: [(0, 4), (5, 2), (10, 2)], isStepped: true)],
            xTicks: [.init(place: 0, label: "0"), .init(place: 10, label: "10")],
            yTicks: [.init(place: 0, label: "0"), .init(place: 4, label: "4")],
            size: (196, 140)
        )
        #expect(
            chart.element.children("path").first?["d"]
                == "M64.0 12.0L114.0 12.0L114.0 62.0L164.0 62.0L164.0 62.0"
        )
    }
}
