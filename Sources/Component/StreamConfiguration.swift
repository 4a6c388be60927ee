public import XML
public import XMPP

/// Where the server is, who we are there, and how patient we are.
public struct StreamConfiguration: Sendable {
    /// The component's own domain.
    public var domain: JID
    /// The name or address of the server's component port.
    public var host: String
    public var port: Int
    /// Where the same server is found too, as the other nodes of a cluster: the next is tried when
    /// one is lost or does not answer.
    public var otherServers: [ServerAddress]
    public var secret: Secret
    public var security: StreamSecurity
    /// Whether plain TCP may go to another machine; everybody in between could read along.
    ///
    /// Without it, an address that is not loopback is refused before anything is sent.
    public var allowsPlaintextToRemote: Bool
    public var limits: ParserLimits
    public var timings: StreamTimings
    /// Bytes that may wait while what came before is worked on.
    ///
    /// Then the delegate turns away what it can, and the socket is not read while there is anything else.
    public var readAhead: Int

    /// Who is pinged to learn whether the server still reads: the server itself.
    public var pingTarget: JID

    /// Without a `pingTarget`, the parent domain of `domain` is pinged, where servers usually live.
    public init(
        domain: JID,
        host: String,
        port: Int,
        otherServers: [ServerAddress] = [],
        secret: Secret,
        security: StreamSecurity = .plain,
        allowsPlaintextToRemote: Bool = false,
        limits: ParserLimits = ParserLimits(),
        timings: StreamTimings = StreamTimings(),
        readAhead: Int = 1_048_576,
        pingTarget: JID? = nil
    ) {
        self.domain = domain.domain
        self.host = host
        self.port = port
        self.otherServers = otherServers
        self.secret = secret
        self.security = security
        self.allowsPlaintextToRemote = allowsPlaintextToRemote
        self.limits = limits
        self.timings = timings
        self.readAhead = readAhead
        self.pingTarget = pingTarget ?? Self.parent(of: domain.domain)
    }

    /// Where the server is found, in the order in which it is tried.
    public var servers: [ServerAddress] { [server] + otherServers }

    /// Where it is tried first.
    public var server: ServerAddress { ServerAddress(host: host, port: port) }

    /// The same with this server alone.
    public func at(_ server: ServerAddress) -> StreamConfiguration {
        var configuration = self
        (configuration.host, configuration.port) = (server.host, server.port)
        configuration.otherServers = []
        return configuration
    }

    /// `news.example.org` → `example.org`; a domain of one label is its own parent.
    private static func parent(of domain: JID) -> JID {
        guard
            let dot = domain.domainpart.firstIndex(of: "."),
            let parent = try? JID(
                domainpart: String(domain.domainpart[dot...].dropFirst())
            )
        else { return domain }
        return parent
    }
}

/// How long the stream waits for what.
public struct StreamTimings: Sendable, Hashable {
    /// For name resolution and TCP together.
    public var connect: Duration = .seconds(10)
    /// From our stream header to the server's `<handshake/>`; as long again for TLS before it.
    public var handshake: Duration = .seconds(10)
    /// For the answer to a request that sets no time of its own, once it is written.
    public var request: Duration = .seconds(30)
    /// After so much silence from the server it is pinged.
    public var silence: Duration = .seconds(30)
    /// A server that says nothing for so long after a ping is dead.
    public var pingAnswer: Duration = .seconds(15)
    /// A server that still talks, but answers no ping for so long, does not read what we write.
    ///
    /// With `silence` before it: within a minute.
    public var deafness: Duration = .seconds(25)
    /// The delay before the first new attempt; each further one waits twice as long.
    public var firstDelay: Duration = .milliseconds(500)
    /// No delay grows beyond this.
    public var longestDelay: Duration = .seconds(60)
    /// A stream that lasted so long makes the delays start again from the first.
    public var stable: Duration = .seconds(10)
    /// The delay when the server refuses a component it used to accept.
    public var refusedDelay: Duration = .seconds(300)
    /// From our closing tag to the server's.
    public var closing: Duration = .seconds(2)

    public init() {}
}
