import Storage

/// Which readers of a fan-out share ids, and what writes to them.
struct IDSharing {
    /// By the ordinal of their kind.
    private let isShared: [Bool]
    /// The same, of what is worth being written at once.
    private let isLarge: [Bool]
    private let domain: [UInt8]
    private let largestStanza: Int
    /// Nil if each is written to singly, be it that the service is there no more.
    var service: MulticastService? {
        didSet { serviceAddress = Self.bytes(of: service) }
    }
    /// Its address in UTF-8.
    private(set) var serviceAddress: [UInt8]

    init(
        _ variants: [DeliveryVariant?],
        at domain: [UInt8],
        through service: MulticastService?,
        _ settings: DeliverySettings
    ) {
        isShared = variants.map { $0?.isForAll == true }
        isLarge = variants.map { variant in
            variant.map { $0.takesAddresses && $0.size >= settings.multicastBytes } ?? false
        }
        self.domain = domain
        largestStanza = settings.largestStanza
        self.service = service
        serviceAddress = Self.bytes(of: service)
    }

    /// Whether readers of the kind who have such an address share ids.
    ///
    /// Those of other servers don't: each server's pace, errors and retries are its own, and what its
    /// service does with a stanza for many nobody here can tell. Nor do those with other letters than
    /// ASCII: what a server's older rules do not take as an address spoils the stanza for all.
    func covers(_ kind: Int, _ address: UnsafeRawBufferPointer) -> Bool {
        isShared[kind] && address.mayShareIDs(at: domain)
    }

    /// Whether they are written to at once.
    func isForMany(_ kind: Int) -> Bool {
        service != nil && isLarge[kind]
    }

    /// Whether the group has room for one more in a stanza for all of them.
    func hasRoom(
        _ group: MulticastGroup,
        for address: UnsafeRawBufferPointer,
        in variant: DeliveryVariant
    ) -> Bool {
        guard let service, group.count < service.mostAddresses else { return false }
        let size = variant.size + serviceAddress.count + group.size
        return size + MulticastGroup.size(of: address) <= largestStanza
    }

    private static func bytes(of service: MulticastService?) -> [UInt8] {
        Array((service?.address.description ?? "").utf8)
    }
}
