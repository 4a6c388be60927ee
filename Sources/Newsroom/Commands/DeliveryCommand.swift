import Commands
import Localization
import Publishing
import XMPP

/// `hold`, `resume` and `cancel`: orders to deliveries that are under way.
struct DeliveryCommand: Sendable {
    let order: DeliveryOrder
    let newsdesk: Newsdesk
    let publisher: Publisher
    let deliveries: any RunningDeliveries

    static func declaration(of order: DeliveryOrder) -> CommandDeclaration {
        // What is cancelled can't go on again.
        let isFinal = order == .cancel
        let (name, line) = (order.rawValue, "\(order.rawValue) 2026-10")
        return CommandDeclaration(
            name,
            summary: summary(of: order),
            parameters: [
                Parameter(
                    "issue",
                    .issue,
                    isRequired: isFinal,
                    summary: isFinal ? .text("delivery.issue") : .text("delivery.issueOrAll")
                )
            ],
            role: .publisher,
            audience: .newsroom,
            changesSomething: true,
            asks: isFinal,
            examples: isFinal ? [line] : [name, line]
        )
    }

    private static func summary(of order: DeliveryOrder) -> LocalizedText {
        switch order {
        case .hold: .text("hold.summary")
        case .resume: .text("resume.summary")
        case .cancel: .text("cancel.summary")
        }
    }

    var command: Command {
        Command(Self.declaration(of: order), confirmation: confirmation, answer: run)
    }

    private var confirmation: Command.Confirmation? {
        switch order {
        case .hold, .resume: nil
        case .cancel: { await question($0) }
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let name = invocation.arguments["issue"]
            let chosen = try await chosen(by: name, newsletter: invocation.newsletter)
            let unreached = try await unreached(by: invocation)
            guard !chosen.isEmpty else {
                return .failed(([nothing(name, texts)] + unreached).joined(separator: "\n"))
            }
            var lines: [String] = []
            for delivery in chosen {
                let isDone = try await deliveries.carryOut(order, on: delivery)
                let fact = isDone ? result(delivery, texts) : texts("delivery.over")
                lines.append("\(Self.name(delivery, texts)): \(fact)")
            }
            return .done((lines + unreached).joined(separator: "\n"))
        } catch {
            return .failed(texts.reason(error))
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

    /// What of it still goes to an engine, whatever becomes of the deliveries from here; a sentence for
    /// each issue.
    private func unreached(by invocation: CommandInvocation) async throws -> [String] {
        guard order != .resume else { return [] }
        let name = invocation.arguments["issue"] ?? ""
        var sentences: [String] = []
        for desk in newsdesk.desks(for: invocation.newsletter) {
            let targets = try await publisher.onTheWayToEngine(desk.newsletter)
            for target in targets where target.item.rawValue.hasPrefix(name) {
                let sentence = invocation.texts(
                    "delivery.engine",
                    ["item": target.item, "service": target.service, "order": order.rawValue]
                )
                // It may go to several nodes there.
                if !sentences.contains(sentence) { sentences.append(sentence) }
            }
        }
        return sentences
    }

    // MARK: - Words

    private func nothing(_ name: String?, _ texts: Texts) -> String {
        switch (order, name) {
        case (.resume, let name?): texts("delivery.noneHeldOf", ["issue": name])
        case (.resume, nil): texts("delivery.noneHeld")
        case (.hold, let name?), (.cancel, let name?): texts("delivery.noneOf", ["issue": name])
        case (.hold, nil), (.cancel, nil): texts("delivery.none")
        }
    }

    private func result(_ delivery: RunningDelivery, _ texts: Texts) -> String {
        let progress = texts(
            "delivery.progress",
            ["sent": delivery.sent, "readers": texts.readers(delivery.total)]
        )
        return switch order {
        case .hold: texts("delivery.held", ["progress": progress])
        case .resume: texts("delivery.resumed", ["progress": progress])
        case .cancel: texts("delivery.cancelled", ["progress": progress])
        }
    }

    /// It says nothing of how many have the issue already: by the answer there would be more.
    private func question(_ invocation: CommandInvocation) async -> String? {
        let name = invocation.arguments["issue"]
        let chosen = try? await chosen(by: name, newsletter: invocation.newsletter)
        guard let chosen, !chosen.isEmpty else { return nil }
        let texts = invocation.texts
        let names = chosen.map { "\(Self.name($0, texts)) (\(texts.readers($0.total)))" }
        let unreached = (try? await unreached(by: invocation)) ?? []
        let question = texts("cancel.question", ["deliveries": names.joined(separator: ", ")])
        return ([question] + unreached).joined(separator: " ")
    }

    private static func name(_ delivery: RunningDelivery, _ texts: Texts) -> String {
        texts("delivery.name", ["issue": delivery.item, "node": delivery.node])
    }
}
