/// Samples as Prometheus reads them: its text format, version 0.0.4.
struct PrometheusText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Writes each metric of which there are samples, with what it says.
    init(_ samples: [MetricSample]) {
        let samples = Dictionary(grouping: samples, by: \.family)
        for family in MetricFamily.all {
            guard let own = samples[family] else { continue }
            text += "# HELP \(family.name) \(Self.escaped(family.help))\n"
            text += "# TYPE \(family.name) \(family.kind.word)\n"
            for sample in own.sorted(by: { $0.labels.key < $1.labels.key }) { write(sample) }
        }
    }

    private mutating func write(_ sample: MetricSample) {
        let name = sample.family.name
        switch sample.value {
        case .number(let number):
            write(name, sample.labels, number)
        case .distribution(let counts, let count, let sum):
            guard case .histogram(let bounds) = sample.family.kind else { return }
            for (bound, count) in zip(bounds, counts) {
                let limit = MetricLabel("le", Self.number(bound))
                write(name + "_bucket", sample.labels + [limit], Double(count))
            }
            write(name + "_bucket", sample.labels + [MetricLabel("le", "+Inf")], Double(count))
            write(name + "_sum", sample.labels, sum)
            write(name + "_count", sample.labels, Double(count))
        }
    }

    private mutating func write(_ name: String, _ labels: [MetricLabel], _ number: Double) {
        let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
        let braces = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
        text += "\(name)\(braces) \(Self.number(number))\n"
    }

    /// Whole numbers without a fraction, as far as a `Double` knows them exactly.
    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool = false) -> String {
        let text = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return quotes ? text.replacing("\"", with: "\\\"") : text
    }
}

extension MetricFamily.Kind {
    fileprivate var word: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}

extension [MetricLabel] {
    /// Brings series of one metric into an order that stays.
    fileprivate var key: String {
        map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    }
}
