import Foundation
import PubSubWire
import Storage
import XML
import XMPP

/// The ad-hoc command with which an owner asks for the requests that wait (XEP-0060 §8.7).
extension PubSubService {
    public static let pendingCommandNode = "http://jabber.org/protocol/pubsub#get-pending"

    func answer(
        _ command: AdHocCommand,
        from owner: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        guard command.node == Self.pendingCommandNode else { throw PubSubError.notUnderstood }
        if command.action == .cancel {
            return Answer(payload: command.reply(.canceled).element)
        }
        guard let form = command.form else {
            return Answer(payload: try choice(command, of: owner, in: transaction).element)
        }
        guard let node = form["pubsub#node"]?.values.first.flatMap(NodeID.init(rawValue:)) else {
            throw PubSubError.malformed(.nodeRequired)
        }
        let record = try ownedNode(node, by: owner, in: transaction)
        return Answer(
            payload: command.reply(.completed).element,
            effects: try transaction.pendingSubscriptions(to: record.id).map { subscription in
                approvalRequest(for: subscription.jid, at: node, to: owner)
            }
        )
    }

    /// The form that lets an owner choose among the nodes where somebody waits.
    private func choice(
        _ command: AdHocCommand,
        of owner: JID,
        in transaction: borrowing Transaction
    ) throws -> AdHocCommand {
        var names: [NodeID] = []
        for record in try transaction.affiliations(of: owner) where record.affiliation == .owner {
            guard let node = try transaction.node(record.node) else { continue }
            names.append(node.name)
        }
        guard !names.isEmpty else { throw PubSubError.ownsNothing }
        var reply = command.reply(.executing)
        reply.form = DataForm(
            .form,
            formType: SubscriptionApproval.formType,
            fields: [
                DataForm.Field(
                    "pubsub#node",
                    .listSingle,
                    label: "Node",
                    values: [],
                    options: names.map { .init($0.rawValue) }
                )
            ]
        )
        return reply
    }
}

extension AdHocCommand {
    /// The answer to this step.
    fileprivate func reply(_ status: Status) -> AdHocCommand {
        AdHocCommand(node: node, sessionID: sessionID ?? UUID().uuidString, status: status)
    }
}
