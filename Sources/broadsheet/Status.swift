import ArgumentParser
import Commands
import Daemon
import Foundation
import Newsroom

/// What editors ask by `status`, and more for operators.
struct Status: AsyncParsableCommand {
    private static let declaration = NewsroomCommands.declaration(of: "status")
    static let configuration = CommandConfiguration(
        abstract: declaration.sentence,
        discussion: """
            With --watch it goes on until it is interrupted: on a terminal one picture that changes, \
            elsewhere a new one whenever something has.

            Examples:
              broadsheet status 2026-10
              broadsheet status --watch
              broadsheet status --json
            """
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "\(declaration.parameters[0].summary.shellText).")
    var issue: String?

    @Flag(help: "Go on until interrupted.")
    var watch = false

    @Option(help: "Seconds between two looks.")
    var interval = 1.0

    func validate() throws {
        guard (0.1...3600).contains(interval) else {
            throw ValidationError("--interval should be from 0.1 to 3600 seconds.")
        }
        guard issue == nil || (!watch && !options.json.isOn) else {
            throw ValidationError("--watch and --json are for the whole service, not for an issue.")
        }
    }

    func run() async throws {
        guard watch || options.json.isOn else {
            try await options.give(["status"] + [issue].compactMap(\.self))
            return
        }
        var pace = DeliveryPace()
        var shown: [String] = []
        repeat {
            let facts: StatusFacts = try await options.configuration.order(.facts)
            pace.note(facts.deliveries, at: .now)
            let lines = options.json.isOn ? [try JSONLines.line(facts)] : picture(facts, pace)
            if Terminal.isInteractive, !options.json.isOn { Terminal.goBack(over: shown.count) }
            if Terminal.isInteractive || lines != shown {
                lines.forEach { print($0) }
                fflush(nil)
            }
            shown = lines
            if watch { try await Task.sleep(for: .seconds(interval)) }
        } while watch
    }

    private func picture(_ facts: StatusFacts, _ pace: DeliveryPace) -> [String] {
        var lines = [Self.line(facts.stream, facts.isConnected ? .green : .red)]
        if let warning = facts.twinWarning { lines.append(Self.line(warning, .red)) }
        lines += facts.rooms.map { room in
            Self.line("\(room.room): \(room.text)", room.isJoined ? .green : .yellow)
        }
        lines += facts.nodes.map { node in
            Self.line(
                "\(node.node): \(node.readers) readers"
                    + (node.suspended > 0 ? ", \(node.suspended) suspended" : "")
            )
        }
        lines += facts.deliveries.map { delivery in
            Self.line(DeliveryBar(delivery, rate: pace.rate(of: delivery)).line(Terminal.width))
        }
        return lines + (facts.deliveries.isEmpty ? ["Nothing is on its way."] : [])
    }

    /// A line of the picture; on a terminal no wider than that, since what wraps could not be gone back
    /// over.
    private static func line(_ text: String, _ color: Terminal.Color? = nil) -> String {
        let text = TerminalText.oneLine(text)
        let fitting = Terminal.isInteractive ? String(text.prefix(Terminal.width)) : text
        return color.map { Terminal.colored(fitting, $0) } ?? fitting
    }
}

/// How far a delivery is, as a bar.
struct DeliveryBar {
    private let delivery: StatusFacts.Delivery
    private let rate: Double?

    init(_ delivery: StatusFacts.Delivery, rate: Double?) {
        self.delivery = delivery
        self.rate = rate
    }

    /// The bar is for people at a terminal; elsewhere the numbers say it all.
    func line(_ width: Int, hasBar: Bool = Terminal.isInteractive) -> String {
        let part = delivery.total > 0 ? Double(delivery.sent) / Double(delivery.total) : 1
        let name = "\(delivery.item) → \(delivery.node) "
        var facts = " \(Int(part * 100)) %  \(delivery.sent)/\(delivery.total)"
        if delivery.isHeld { facts += "  held" }
        if let rate, rate > 0, !delivery.isHeld {
            let left = Int((Double(delivery.total - delivery.sent) / rate).rounded(.up))
            facts += "  \(Int(rate))/s  \(left) s left"
        }
        if delivery.failed > 0 { facts += "  \(delivery.failed) failed" }
        guard hasBar else { return name + facts.trimmingPrefix(" ") }
        let room = max(10, min(40, width - name.count - facts.count - 2))
        let full = Int((part * Double(room)).rounded(.down))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: room - full)
        return name + bar + facts
    }
}

/// How fast deliveries go, by what they were when they were looked at before.
struct DeliveryPace {
    private var places: [String: (sent: Int, at: ContinuousClock.Instant)] = [:]
    private var rates: [String: Double] = [:]

    mutating func note(_ deliveries: [StatusFacts.Delivery], at now: ContinuousClock.Instant) {
        let before = places
        places = [:]
        for delivery in deliveries {
            let key = Self.key(delivery)
            places[key] = (delivery.sent, now)
            guard let last = before[key] else { continue }
            let seconds = last.at.duration(to: now) / .seconds(1)
            if seconds > 0 { rates[key] = Double(max(0, delivery.sent - last.sent)) / seconds }
        }
    }

    func rate(of delivery: StatusFacts.Delivery) -> Double? {
        rates[Self.key(delivery)]
    }

    private static func key(_ delivery: StatusFacts.Delivery) -> String {
        "\(delivery.item) \(delivery.node)"
    }
}
