/** The look of the report, on a screen and on paper. */
export const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; font: 15px / 1.45 system-ui, "Liberation Sans", "DejaVu Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 20px 24px; }
h2 { margin: 28px 0 8px; border-bottom: 1px solid; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th, td { padding: 4px 10px 4px 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { white-space: nowrap; }
td:first-child { min-width: 90px; }
pre { overflow-x: auto; font-size: 12px; }
.picture svg { max-width: 100%; height: auto; }
@media print { main { max-width: none; padding: 0; } section { break-inside: avoid-page; } pre { white-space: pre-wrap; } }
`;
