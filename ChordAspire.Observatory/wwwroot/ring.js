// The arrow keys walk round the circle; the page must not scroll under them.
document.addEventListener('keydown', event => {
    const keys = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', ' '];
    if (keys.includes(event.key) && event.target.closest('[data-keys="arrows"]'))
        event.preventDefault();
}, { capture: true });
// A file dropped beside a field, or on one that takes none now, must not replace the page.
for (const name of ['dragover', 'drop'])
    document.addEventListener(name, event => { if (!event.target.matches('.drop input:not(:disabled)')) event.preventDefault(); });
