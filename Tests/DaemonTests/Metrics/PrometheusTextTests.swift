import Foundation
import Testing

@testable import Daemon

@Suite("Prometheus' text format")
struct PrometheusTextTests {
    @Test("a metric has its help, its kind, and a line for each of its series")
    func series() {
        let text = PrometheusText([
            MetricSample(.subscriptions, 12, [MetricLabel("node", "dispatch-fr")]),
            MetricSample(.subscriptions, 30_000_000, [MetricLabel("node", "dispatch-en")]),
            MetricSample(.deliveryRate, 0.5),
        ]).text
        #expect(
            text == """
                # HELP broadsheet_subscriptions \(MetricFamily.subscriptions.help)
                # TYPE broadsheet_subscriptions gauge
                broadsheet_subscriptions{node="dispatch-en"} 30000000
                broadsheet_subscriptions{node="dispatch-fr"} 12
                # HELP broadsheet_delivery_readers_per_second \(MetricFamily.deliveryRate.help)
                # TYPE broadsheet_delivery_readers_per_second gauge
                broadsheet_delivery_readers_per_second 0.5

                """
        )
    }

    @Test("a histogram counts up to infinity")
    func histogram() {
        let histogram = TimeHistogram(bounds: [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400])
        histogram.recordNanoseconds(1_500_000_000)
        let text = PrometheusText([MetricSample(.deliveryTime, histogram.distribution)]).text
        #expect(text.contains("\nbroadsheet_delivery_seconds_bucket{le=\"1\"} 0\n"))
        #expect(text.contains("\nbroadsheet_delivery_seconds_bucket{le=\"5\"} 1\n"))
        #expect(text.contains("\nbroadsheet_delivery_seconds_bucket{le=\"+Inf\"} 1\n"))
        #expect(text.contains("\nbroadsheet_delivery_seconds_sum 1.5\n"))
        #expect(text.hasSuffix("\nbroadsheet_delivery_seconds_count 1\n"))
    }

    @Test("no value of a label can forge a line")
    func forgery() {
        let text = PrometheusText([
            MetricSample(.subscriptions, 1, [MetricLabel("node", "a\"} 7\nup \\ 1")])
        ]).text
        #expect(text.contains(#"broadsheet_subscriptions{node="a\"} 7\nup \\ 1"} 1"#))
        #expect(text.split(separator: "\n").count == 3)
    }

    @Test("names are what Prometheus expects, each once")
    func names() throws {
        let names = MetricFamily.all.map(\.name)
        #expect(Set(names).count == names.count)
        for family in MetricFamily.all {
            #expect(try /(broadsheet|process)_[a-z_]+/.wholeMatch(in: family.name) != nil)
            #expect(family.name.hasSuffix("_total") == (family.kind == .counter), "\(family.name)")
            #expect(family.help.hasSuffix("."))
        }
    }
}
