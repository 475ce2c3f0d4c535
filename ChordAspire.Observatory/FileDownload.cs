using System.Net.Mime;
using ChordAspire.Rpc;
using Microsoft.Net.Http.Headers;

namespace ChordAspire.Observatory;

/// <summary>Files of the ring for the browser: <c>GET /files?key=KEY</c>. In a path a slash that belongs to the key could not be told from one that does not.</summary>
internal static class FileDownload
{
    public static string LinkTo(string key) => $"files?key={Uri.EscapeDataString(key)}";

    public static void MapTo(WebApplication app)
    {
        RequestDelegate download = DownloadAsync;
        app.MapGet("/files", download);
    }

    private static async Task DownloadAsync(HttpContext context)
    {
        RingAccess ring = context.RequestServices.GetRequiredService<RingAccess>();
        string key = (string?)context.Request.Query["key"] ?? "";
        try
        {
            if (await ring.StatAsync(key, context.RequestAborted) is not { } status)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await context.Response.WriteAsync($"The ring has no '{key}'.", context.RequestAborted);
                return;
            }
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(key.Split('/')[^1]);
            context.Response.ContentType = MediaTypeNames.Application.Octet;
            context.Response.ContentLength = status.Size;
            context.Response.Headers.ContentDisposition = disposition.ToString();
            await ring.GetAsync(key, context.Response.Body, context.RequestAborted);
        }
        catch (RefusedException refused) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = refused.Reason == Refusal.InvalidRequest ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(refused.Message, context.RequestAborted);
        }
        catch (RefusedException)
        {
            // What has been sent is not the whole file, or not the right one: the browser must see that it broke.
            context.Abort();
        }
    }
}
