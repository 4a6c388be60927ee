import PubSubWire
import XML
import XMPP

/// What the service says that it can do: exactly what it can.
enum ServiceFeatures {
    static let pubsub: [PubSubFeature] = [
        .accessOpen, .itemIDs, .metaData, .multiItems, .persistentItems, .retrieveItems,
        .retrieveSubscriptions, .resultSets, .subscribe, .subscriptionOptions,
    ]

    /// What is answered beside PubSub.
    static let others: [Namespace] = [
        .discoInfo, .discoItems, .resultSets, .softwareVersion, .ping,
    ]

    static let all: [Namespace] = others + [.pubsub] + pubsub.map(\.namespace)
}
