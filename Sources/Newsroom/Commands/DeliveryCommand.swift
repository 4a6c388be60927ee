import Commands
import Publishing
import XMPP

/// `hold`, `resume` and `cancel`: orders to deliveries that are under way.
struct DeliveryCommand: Sendable {
    let order: DeliveryOrder
    let newsdesk: Newsdesk
    let deliveries: any RunningDeliveries

    var declaration: Command {
        Command(
            order.rawValue,
            summary: summary,
            parameters: [issue],
            role: .publisher,
            audience: .newsroom,
            changesSomething: true,
            confirmation: confirmation,
            examples: (order == .cancel ? [] : [order.rawValue]) + ["\(order.rawValue) 2026-10"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    /// What is cancelled can't go on again.
    private var confirmation: Command.Confirmation? {
        switch order {
        case .hold, .resume: nil
        case .cancel: { await question($0) }
        }
    }

    private var summary: LocalizedText {
        switch order {
        case .hold: "Let a delivery pause"
        case .resume: "Let a delivery that was held go on"
        case .cancel: "End a delivery for good; who has the issue keeps it"
        }
    }

    private var issue: Parameter {
        Parameter(
            "issue",
            .issue,
            isRequired: order == .cancel,
            summary: order == .cancel
                ? "Its id, or the beginning of it"
                : "Its id, or the beginning of it; all if you don't say"
        )
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            let name = invocation.arguments["issue"]
            let chosen = try await chosen(by: name, newsletter: invocation.newsletter)
            guard !chosen.isEmpty else { return .failed(nothing(name)) }
            var lines: [String] = []
            for delivery in chosen {
                let isDone = try await deliveries.carryOut(order, on: delivery)
                lines.append(
                    "\(Self.name(delivery)): \(isDone ? result(delivery) : "over already")"
                )
            }
            return .done(lines.joined(separator: "\n"))
        } catch {
            return .failed("\(error)")
        }
    }

    /// Those of the newsletters made here whose issue begins with the name, and to which the order
    /// makes sense.
    private func chosen(by name: String?, newsletter: String?) async throws -> [RunningDelivery] {
        let feeds = newsdesk.desks(for: newsletter).flatMap(\.newsletter.allFeeds)
        let nodes = Set(feeds.map(\.node))
        return try await deliveries.underWay().filter { delivery in
            nodes.contains(delivery.node) && delivery.item.hasPrefix(name ?? "") && fits(delivery)
        }
    }

    private func fits(_ delivery: RunningDelivery) -> Bool {
        switch order {
        case .hold: !delivery.isHeld
        case .resume: delivery.isHeld
        case .cancel: true
        }
    }

    // MARK: - Words

    private func nothing(_ name: String?) -> String {
        let what = name.map { "No delivery of '\($0)'" } ?? "No delivery"
        return order == .resume ? "\(what) is held." : "\(what) is under way."
    }

    private func result(_ delivery: RunningDelivery) -> String {
        let progress = "\(delivery.sent) of \(Wording.readers(delivery.total)) have it"
        return switch order {
        case .hold: "held; \(progress), and what is on the wire still arrives"
        case .resume: "goes on; \(progress)"
        case .cancel: "cancelled; \(progress)"
        }
    }

    /// It says nothing of how many have the issue already: by the answer there would be more.
    private func question(_ invocation: CommandInvocation) async -> String? {
        let name = invocation.arguments["issue"]
        let chosen = try? await chosen(by: name, newsletter: invocation.newsletter)
        guard let chosen, !chosen.isEmpty else { return nil }
        let names = chosen.map { "\(Self.name($0)) (\(Wording.readers($0.total)))" }
        return "End the delivery of \(names.joined(separator: ", ")) for good? "
            + "Those who do not have it yet will not get it."
    }

    private static func name(_ delivery: RunningDelivery) -> String {
        "\(delivery.item) to \(delivery.node)"
    }
}
