import Component
import Newsroom
import Publishing
import Readers
import XML
import XMPP

/// Coming into rooms, staying in those that read, and going.
extension GuestRooms {
    /// Enters the rooms that read, and leaves those that do not any more, whoever has ended it.
    ///
    /// What fails for one room does not keep us from the others, and is tried again the next time.
    func goRound() async {
        for room in unwanted { await unsubscribe(room) }
        for (room, name) in configured {
            guard let newsletter = newsletters.first(where: { $0.name == name }) else { continue }
            await attempt(room) { try await readers.addConfigured(room, to: newsletter) }
        }
        let reading: [(room: JID, newsletter: Newsletter)]
        do {
            reading = try await readers.all()
        } catch {
            logger.error("Which rooms read is not known", metadata: ["reason": "\(error)"])
            return
        }
        for (room, newsletter) in reading
        where guests[room] == nil && !ownRooms.contains(room) && !unwanted.contains(room) {
            await attempt(room) {
                let password = try await readers.password(of: room)
                await enter(room, for: newsletter, password: password)
            }
        }
        for room in guests.keys where !reading.contains(where: { $0.room == room }) {
            // Somebody may have decided meanwhile that we stay.
            guard (try? await readers.reads(room)) == false, guests[room]?.host == nil else {
                continue
            }
            await leave(room)
        }
    }

    /// Tries something with a room, and says once if it fails, however often that is.
    private func attempt(_ room: JID, _ work: () async throws -> Void) async {
        do {
            try await work()
            complained.remove(room)
        } catch {
            guard complained.insert(room).inserted else { return }
            logger.error(
                "A room that reads was not entered",
                metadata: ["room": "\(room)", "reason": "\(error)"]
            )
        }
    }

    /// Follows an invitation, and gives the room its time to decide.
    func visit(_ invitation: RoomInvitation) async {
        let undecided = await enter(by: invitation)
        lookedAt.remove(invitation.room)
        guard let undecided, (try? await Task.sleep(for: limits.patience)) != nil else { return }
        eventQueue.yield(.patienceIsOver(undecided))
    }

    /// Enters what we are invited to, if it is a room.
    ///
    /// Anybody can name any address as a room; from then on it would only be heard as one.
    ///
    /// - Returns: What sits there now, if it is still to be decided whether we stay.
    private func enter(by invitation: RoomInvitation) async -> RoomService? {
        let room = invitation.room
        guard let newsletter = newsletters.first(where: { $0.contact == invitation.contact }),
            await isRoom(room, asks: newsletter)
        else {
            logger.debug("An invitation leads to no room")
            return nil
        }
        var host: JID? = invitation.inviter
        if let guest = guests[room] {
            guard case .waiting(.passwordRequired, _) = await guest.service.status else {
                return nil
            }
            host = guest.host
            await leave(room)
        }
        if host != nil {
            do {
                try await readers.setVisit(to: room, as: newsletter.roomAddress)
            } catch {
                logger.error("An invitation was not followed", metadata: ["reason": "\(error)"])
                return nil
            }
        }
        await enter(room, for: newsletter, host: host, password: invitation.password)
        return host == nil ? nil : guests[room]?.service
    }

    /// Whether the address says that it is a room (XEP-0045 §6.4).
    private func isRoom(_ address: JID, asks newsletter: Newsletter) async -> Bool {
        guard let stream else { return false }
        let question = IQ(
            .get,
            id: "",
            from: newsletter.roomAddress,
            to: address,
            payload: Element("query", in: .discoInfo)
        )
        guard let reply = try? await stream.request(question), reply.error == nil,
            let info = reply.payload.map(DiscoInfo.init)
        else { return false }
        return info.features.contains(.muc)
            && info.identities.contains { $0.category == "conference" }
    }

    private func enter(
        _ room: JID,
        for newsletter: Newsletter,
        host: JID? = nil,
        password: String? = nil
    ) async {
        guard let address = newsletter.roomAddress, let nick = address.resourcepart,
            var configuration = try? RoomConfiguration(
                room: room,
                contact: newsletter.contact,
                nick: nick,
                password: password
            )
        else { return }
        configuration.hearsMarks = false
        configuration.carriesDeliveries = true
        configuration.opensRooms = false
        configuration.known = .admins(most: limits.admins)
        configuration.language = newsletter.defaultFeed.language
        let service = RoomService(
            configuration,
            rights: RightsTable(rooms: [room: [.owner: .publisher, .admin: .publisher]]),
            logger: logger
        ) { [eventQueue] in
            eventQueue.yield(.turn($0, room))
        }
        guests[room] = Guest(service: service, newsletter: newsletter, host: host)
        strays[room] = nil
        readers.rooms.add(room)
        eventQueue.yield(.enter(service))
        if let stream { await service.streamOpened(stream) }
    }

    /// Begins if one of the room's admins has invited us, and asks if we can't tell.
    func joined(_ room: JID) async {
        guard let guest = guests[room] else { return }
        guard let host = guest.host else { return await settled(in: room) }
        guard await guest.service.shows(host, as: [.owner, .admin]) else {
            return await say(.question(minutes: Int(limits.patience / .seconds(60))), in: guest)
        }
        do {
            try await readers.add(room, to: guest.newsletter)
            await settled(in: room)
            await say(.begun, in: guest)
        } catch {
            logger.error("A room was not subscribed", metadata: ["reason": "\(error)"])
            await leave(room)
        }
    }

    /// Takes it that we stay, and remembers the password we came in with.
    func settled(in room: JID) async {
        guests[room]?.host = nil
        unwanted.remove(room)
        await forgetVisit(to: room)
        await remember(guests[room]?.service.configuration.password, of: room)
    }

    private func remember(_ password: String?, of room: JID) async {
        do {
            try await readers.setPassword(password, of: room)
        } catch {
            logger.error("A room's password was not stored", metadata: ["reason": "\(error)"])
        }
    }

    func shownOut(of room: JID) async {
        unwanted.insert(room)
        await unsubscribe(room)
        await leave(room)
    }

    private func unsubscribe(_ room: JID) async {
        do {
            try await readers.remove(room)
            unwanted.remove(room)
        } catch {
            logger.error("A room was not unsubscribed", metadata: ["reason": "\(error)"])
        }
    }

    /// Says goodbye first: until then somebody in the room could speak in its name.
    ///
    /// Without a stream that has to wait.
    func leave(_ room: JID) async {
        let guest = guests.removeValue(forKey: room)
        let isOnline = stream != nil
        await guest?.service.end()
        guard guests[room] == nil else { return }
        await remember(nil, of: room)
        if let guest, !isOnline {
            strays[room] = guest.service.configuration.address
        } else if strays[room] == nil {
            readers.rooms.remove(room)
            await forgetVisit(to: room)
        }
    }

    func forgetVisit(to room: JID) async {
        do {
            try await readers.setVisit(to: room, as: nil)
        } catch {
            logger.error("A visit was not forgotten", metadata: ["reason": "\(error)"])
        }
    }
}
