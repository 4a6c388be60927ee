import Foundation
import XML

/// Lines over two axes that begin at 0, as SVG.
struct LineChart {
    struct Line {
        let name: String
        /// In the order of `x`.
        let points: [(x: Double, y: Double)]
        var isStepped = false
    }

    struct Tick {
        let place: Double
        let label: String
    }

    /// What it shows, for those who don't see it.
    let description: String
    let lines: [Line]
    /// Ascending; the first and the last one bound the axis.
    let xTicks: [Tick]
    let yTicks: [Tick]
    var size = (width: 720.0, height: 260.0)

    private static let margin = (left: 64.0, right: 32.0, top: 12.0, bottom: 28.0)

    var element: Element {
        Element(
            "svg",
            [
                "viewBox": "0 0 \(Int(size.width)) \(Int(size.height))", "role": "img",
                "aria-label": description,
            ]
        ) {
            for tick in yTicks { row(tick) }
            for tick in xTicks { label(tick) }
            for (index, line) in lines.enumerated() { path(line, color: index % 8) }
        }
    }

    private func row(_ tick: Tick) -> Element {
        let y = Self.text(self.y(tick.place))
        return Element("g") {
            Element(
                "line",
                [
                    "class": "grid", "x1": Self.text(Self.margin.left),
                    "x2": Self.text(size.width - Self.margin.right), "y1": y, "y2": y,
                ]
            )
            Element(
                "text",
                ["class": "y", "x": Self.text(Self.margin.left - 8), "y": y]
            ) { tick.label }
        }
    }

    private func label(_ tick: Tick) -> Element {
        Element(
            "text",
            [
                "class": "x", "x": Self.text(x(tick.place)),
                "y": Self.text(size.height - 8),
            ]
        ) { tick.label }
    }

    private func path(_ line: Line, color: Int) -> Element {
        var data = ""
        var height: String?
        for point in line.points {
            let (x, y) = (Self.text(x(point.x)), Self.text(y(point.y)))
            if line.isStepped, let height { data += "L\(x) \(height)" }
            data += (data.isEmpty ? "M" : "L") + "\(x) \(y)"
            height = y
        }
        // A single point is seen by the round ends of its line.
        if line.points.count == 1 { data += "h0" }
        return Element("path", ["class": "line c\(color)", "d": data]) {
            Element("title") { line.name }
        }
    }

    private func x(_ value: Double) -> Double {
        let (first, last) = (xTicks.first?.place ?? 0, xTicks.last?.place ?? 1)
        let room = size.width - Self.margin.left - Self.margin.right
        return Self.margin.left + (last > first ? (value - first) / (last - first) : 0.5) * room
    }

    private func y(_ value: Double) -> Double {
        let room = size.height - Self.margin.top - Self.margin.bottom
        return size.height - Self.margin.bottom - value / (yTicks.last?.place ?? 1) * room
    }

    private static func text(_ number: Double) -> String {
        String(format: "%.1f", number)
    }
}
