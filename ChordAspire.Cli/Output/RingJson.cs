using System.Collections.Immutable;
using System.Text.Json;
using ChordAspire.Cli.Commands;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>Rings for programs. The shapes are those of the schemas in docs/schemas; identifiers are lower-case hexadecimal of full width.</summary>
internal static class RingJson
{
    public static string Of(RingReading ring) => JsonText.Of(json => Write(json, ring));

    public static string LineOf(RingReading ring) => JsonText.LineOf(json => Write(json, ring));

    public static string Of(PeerReading peer) => JsonText.LineOf(json =>
    {
        WriteNeighbours(json, peer);
        Write(json, "arcShare", PeerCommand.OwnShareOf(peer));
        WriteHeld(json, peer);
        if (peer.Description is not { } told)
            return;
        json.WriteNumber("bits", told.Parameters.Bits);
        json.WriteNumber("successorListLength", told.Parameters.SuccessorListLength);
        json.WriteBoolean("ringReady", told.RingReady);
        json.WriteNumber("objectsOwned", told.ObjectsOwned);
        json.WriteBoolean("replicated", told.Replicated);
        json.WriteNumber("processId", told.ProcessId);
    });

    public static string OfFingers(PeerRef self, ImmutableArray<FingerRun> fingers) => JsonText.Of(json =>
    {
        Write(json, self);
        json.WriteNumber("bits", self.Id.Bits);
        json.WriteStartArray("fingers");
        foreach (FingerRun run in fingers)
        {
            json.WriteStartObject();
            json.WriteNumber("first", run.First);
            json.WriteNumber("last", run.Last);
            json.WriteString("start", self.Id.FingerStart(run.First).ToString());
            Write(json, run.Peer);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public static string OfLookup(string key, LookupAnswer answer) => JsonText.Of(json =>
    {
        json.WriteString("key", key);
        json.WriteString("id", answer.Id.ToString());
        json.WriteStartObject("owner");
        Write(json, answer.Owner);
        json.WriteEndObject();
        if (answer.Holder != answer.Owner)
        {
            json.WriteStartObject("holder");
            Write(json, answer.Holder);
            json.WriteEndObject();
        }
        json.WriteNumber("hops", answer.Hops);
        json.WriteStartArray("path");
        foreach (AnsweredHop hop in answer.Path)
        {
            json.WriteStartObject();
            Write(json, hop.Peer);
            json.WriteNumber("milliseconds", Math.Round(hop.Duration.TotalMilliseconds, 3));
            // The rule is not worth a member.
            if (!hop.Answered)
                json.WriteBoolean("answered", false);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, RingReading ring)
    {
        json.WriteNumber("bits", ring.Parameters.Bits);
        json.WriteBoolean("valid", ring.IsValid);
        json.WriteBoolean("ideal", ring.IsIdeal);
        json.WriteStartArray("problems");
        foreach (string problem in ring.Problems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteStartArray("peers");
        foreach (PeerReading peer in ring.Peers)
        {
            json.WriteStartObject();
            WriteNeighbours(json, peer);
            Write(json, "arcShare", ring.ShareOf(peer));
            WriteHeld(json, peer);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteNeighbours(Utf8JsonWriter json, PeerReading peer)
    {
        Write(json, peer.Self);
        json.WriteString("kind", RingText.KindOf(peer.Kind));
        json.WriteString("predecessor", peer.Predecessor?.Id.ToString());
        json.WriteStartArray("successors");
        foreach (PeerRef successor in peer.Successors)
            json.WriteStringValue(successor.Id.ToString());
        json.WriteEndArray();
    }

    private static void WriteHeld(Utf8JsonWriter json, PeerReading peer)
    {
        Write(json, "objects", peer.Description?.ObjectsHeld);
        Write(json, "bytes", peer.Description?.BytesHeld);
        json.WriteString("state", RingText.StateOf(peer));
    }

    private static void Write(Utf8JsonWriter json, PeerRef peer)
    {
        json.WriteString("id", peer.Id.ToString());
        json.WriteString("address", peer.Address);
    }

    private static void Write(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }
}
