using System.Text.Json;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>Objects for programs: each a line of JSON.</summary>
internal static class ObjectJson
{
    public static string Of(ListedObject listed) => JsonText.LineOf(json => Write(json, listed.Key, listed.Size, listed.Version));

    public static string Of(string key, PutOutcome outcome) => JsonText.LineOf(json =>
    {
        Write(json, key, outcome.Size, outcome.Version);
        Write(json, outcome.Owner);
        json.WriteNumber("copies", outcome.Copies);
    });

    public static string Of(string key, GetOutcome outcome) => JsonText.LineOf(json =>
    {
        Write(json, key, outcome.Size, outcome.Version);
        Write(json, outcome.Owner);
        json.WriteNumber("read", outcome.Read);
    });

    public static string Of(string key, DeleteOutcome outcome) => JsonText.LineOf(json =>
    {
        json.WriteString("key", key);
        json.WriteBoolean("found", outcome.Found);
        if (outcome.Version is { } version)
            json.WriteString("time", VersionText.TimeOf(version));
        Write(json, outcome.Owner);
        json.WriteNumber("copies", outcome.Copies);
    });

    public static string Of(string key, ObjectStatus status) => JsonText.LineOf(json =>
    {
        Write(json, key, status.Size, status.Version);
        Write(json, status.Owner);
        json.WriteStartArray("replicas");
        foreach (PeerRef replica in status.Replicas)
            json.WriteStringValue(replica.Address);
        json.WriteEndArray();
        json.WriteBoolean("replicated", status.Replicated);
    });

    private static void Write(Utf8JsonWriter json, string key, long size, ObjectVersion version)
    {
        json.WriteString("key", key);
        json.WriteNumber("size", size);
        json.WriteString("time", VersionText.TimeOf(version));
        json.WriteString("sha256", version.Hash.ToString());
    }

    private static void Write(Utf8JsonWriter json, PeerRef owner)
    {
        json.WriteString("owner", owner.Address);
        json.WriteString("ownerId", owner.Id.ToString());
    }
}
