import XML

/// What a request that is carried out leads to.
struct Answer {
    /// What the result holds; nil if it is empty.
    var payload: Element?
    /// What leaves before the result.
    var preliminaries: [PubSubEffect] = []
    /// What leaves after the result.
    var effects: [PubSubEffect] = []
    /// About how many bytes of items and lists the payload holds; what is always short does not count.
    var size = 0

    static let done = Answer()
}
