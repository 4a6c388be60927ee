import PubSubWire
import XML
import XMPP

/// What the service says that it can do: exactly what it can.
enum ServiceFeatures {
    static let pubsub: [PubSubFeature] = [
        .accessOpen, .autoCreate, .configNode, .configNodeMax, .createAndConfigure, .createNodes,
        .deleteItems, .deleteNodes, .getPending, .instantNodes, .itemIDs, .leasedSubscription,
        .manageSubscriptions, .memberAffiliation, .metaData, .modifyAffiliations, .multiItems,
        .outcastAffiliation, .persistentItems, .presenceNotifications, .publish, .publishNodeFull,
        .publishOnlyAffiliation, .publishOptions, .publisherAffiliation, .purgeNodes, .resultSets,
        .retractItems, .retrieveAffiliations, .retrieveDefault, .retrieveDefaultSubscription,
        .retrieveItems, .retrieveSubscriptions, .subscribe, .subscriptionNotifications,
        .subscriptionOptions,
    ]

    /// What is answered beside PubSub.
    static let others: [Namespace] = [
        .commands, .discoInfo, .discoItems, .resultSets, .softwareVersion, .orderBy,
        .orderByInPubSub, .ping, .archive, .fullText, .pubsubFilter, .publicSubscriptions,
    ]

    static let all: [Namespace] = others + [.pubsub] + pubsub.map(\.namespace)
}
