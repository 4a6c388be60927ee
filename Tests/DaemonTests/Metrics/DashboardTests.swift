import Foundation
import Testing

@testable import Daemon

/// What is written about metrics elsewhere, held against those there are.
@Suite("Dashboard, alerts and documentation")
struct DashboardTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// All metrics that the text names; those of a histogram by the histogram's name.
    private func names(in path: String) throws -> Set<String> {
        let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
        let histograms = MetricFamily.all.filter {
            if case .histogram = $0.kind { true } else { false }
        }
        return Set(
            text.matches(of: /\b(?:broadsheet|process)_[a-z_]+/).map { match in
                let name = String(match.output)
                let histogram = histograms.first {
                    ["_bucket", "_sum", "_count"].map($0.name.appending).contains(name)
                }
                return histogram?.name ?? name
            }
        )
    }

    @Test(
        "the metrics they name exist",
        arguments: ["config/monitoring/grafana.json", "config/monitoring/alerts.yaml"]
    )
    func exist(path: String) throws {
        let named = try names(in: path)
        #expect(named.count > 5)
        #expect(named.subtracting(MetricFamily.all.map(\.name)).isEmpty)
    }

    @Test("the dashboard is JSON, and no two of its panels lie on each other")
    func dashboard() throws {
        let file = Self.root.appending(path: "config/monitoring/grafana.json")
        let dashboard = try JSONDecoder().decode(Dashboard.self, from: Data(contentsOf: file))
        #expect(dashboard.panels.count > 8)
        var taken: Set<[Int]> = []
        for panel in dashboard.panels {
            let place = panel.gridPos
            for x in place.x..<place.x + place.w {
                for y in place.y..<place.y + place.h {
                    #expect(taken.insert([x, y]).inserted, "\(panel.title)")
                }
            }
            #expect(place.x + place.w <= 24)
            #expect(!panel.targets.isEmpty)
        }
    }

    @Test("docs/operators.md names every metric with its kind")
    func documentation() throws {
        let file = Self.root.appending(path: "docs/operators.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        for family in MetricFamily.all {
            #expect(text.contains("| `\(family.name)` | \(family.kind.name) |"), "\(family.name)")
        }
    }

    private struct Dashboard: Decodable {
        struct Panel: Decodable {
            struct Place: Decodable {
                let x, y, w, h: Int
            }
            struct Target: Decodable {
                let expr: String
            }
            let title: String
            let gridPos: Place
            let targets: [Target]
        }
        let panels: [Panel]
    }
}

extension MetricFamily.Kind {
    fileprivate var name: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
