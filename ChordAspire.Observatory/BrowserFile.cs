using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace ChordAspire.Observatory;

/// <summary>A file that a visitor has chosen. It is read in the browser, piece by piece, and may be gone by then.</summary>
internal static class BrowserFile
{
    /// <summary>Reads it.</summary>
    /// <exception cref="IOException">The browser cannot read it.</exception>
    public static async Task<T> ReadAsync<T>(IBrowserFile file, long most, Func<Stream, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream content = file.OpenReadStream(most, cancellationToken);
            return await read(content);
        }
        // What the browser throws comes as one of these.
        catch (Exception failure) when (failure is InvalidOperationException or JSException)
        {
            throw new IOException($"the browser cannot read it. Is it still there, unchanged, and a file that you may read? ({failure.Message})", failure);
        }
    }
}
