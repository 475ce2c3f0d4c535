using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ChordAspire.Tests.Orchestration.Backchannel;

/// <summary>A client that sends bytes as they are, right or wrong.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;

    /// <param name="connected">Is its own from now on.</param>
    internal RawClient(Socket connected)
    {
        _socket = connected;
        _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
    }

    /// <summary>With the header it needs.</summary>
    internal void Send(string message) =>
        SendAsIs($"Content-Length: {Encoding.UTF8.GetByteCount(message).ToString(CultureInfo.InvariantCulture)}\r\n\r\n{message}");

    internal void SendAsIs(string text)
    {
        try
        {
            _socket.Send(Encoding.UTF8.GetBytes(text));
        }
        catch (SocketException)
        {
            // Cut off already: seen when receiving.
        }
    }

    /// <summary>What comes, or null when the other end has hung up.</summary>
    internal string? TryReceive()
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            int count = _socket.Receive(buffer);
            return count == 0 ? null : Encoding.UTF8.GetString(buffer, 0, count);
        }
        catch (SocketException hungUp) when (hungUp.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();
}
