import { useId } from 'react';
import { bannerWidths } from './rules.ts';

const font = "system-ui, 'Hiragino Sans', 'Noto Sans JP', 'Apple SD Gothic Neo', 'Noto Sans KR', sans-serif";

interface ExampleProps {
  /** What the drawing shows, for who cannot see it. */
  label: string;
  text: string;
  kind: 'good' | 'small' | 'contrast' | 'edge';
}

const looks = {
  good: { size: 96, ink: '#ffffff', ground: '#1f4e5f', x: 200 },
  small: { size: 24, ink: '#ffffff', ground: '#1f4e5f', x: 120 },
  contrast: { size: 96, ink: '#c9d6c4', ground: '#dfe7da', x: 200 },
  edge: { size: 170, ink: '#ffffff', ground: '#1f4e5f', x: -90 },
} as const;

/** A banner of 1860x240 as a shop might draw it. */
export function BannerExample({ label, text, kind }: ExampleProps) {
  const { size, ink, ground, x } = looks[kind];
  const clip = useId();
  return (
    <svg viewBox="0 0 1860 240" role="img" aria-label={label} fontFamily={font}>
      <clipPath id={clip}>
        <rect width={1860} height={240} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        <rect width={1860} height={240} fill={ground} />
        <Bag x={kind === 'edge' ? 1700 : 1500} light={kind !== 'contrast'} />
        <text x={x} y={120 + size * 0.36} fontSize={size} fontWeight={kind === 'small' ? 400 : 700} fill={ink}>
          {text}
        </text>
      </g>
    </svg>
  );
}

function Bag({ x, light }: { x: number; light: boolean }) {
  return (
    <g transform={`translate(${x} 30)`} stroke={light ? '#0d2a35' : '#c9d6c4'} strokeWidth={6}>
      <path d="M40 70 C40 5 140 5 140 70" fill="none" />
      <rect x={0} y={66} width={180} height={114} rx={12} fill={light ? '#e8a33d' : '#d3dccd'} />
    </g>
  );
}

/** The area that text stays within: a tenth of each side is free. */
export function SafeArea({ width, height, label }: { width: number; height: number; label: string }) {
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} fontFamily={font}>
      <rect width={width} height={height} fill="#f7d9cc" />
      <rect
        x={width * 0.1}
        y={height * 0.1}
        width={width * 0.8}
        height={height * 0.8}
        fill="#ffffff"
        stroke="#c2410c"
        strokeWidth={height / 80}
        strokeDasharray={height / 16}
      />
      <text x={width / 2} y={height * 0.6} fontSize={height * 0.3} textAnchor="middle" fill="#1c1d1f">
        {label}
      </text>
    </svg>
  );
}

interface MailDrawingProps {
  on: keyof typeof bannerWidths;
  label: string;
  banner: string;
}

/** The e-mail in outline: ticket, button, banner, best items. Widths are those of the real one. */
export function MailDrawing({ on, label, banner }: MailDrawingProps) {
  const inner = bannerWidths[on];
  const width = inner + (on === 'desktop' ? 48 : 32);
  const left = (width - inner) / 2;
  const high = Math.round((inner * 240) / 1860);
  const tile = (inner - 16) / 2;
  const tileY = 250 + high + 54;
  return (
    <svg viewBox={`0 0 ${width} 430`} role="img" aria-label={label} fontFamily={font}>
      <rect width={width} height={430} rx={6} fill="#ffffff" stroke="#c9ccd1" />
      <rect x={left} y={20} width={120} height={12} fill="#e3e5e8" />
      <rect
        x={width / 2 - Math.min(inner, 300) / 2}
        y={52}
        width={Math.min(inner, 300)}
        height={110}
        rx={8}
        fill="#fdf4f0"
        stroke="#eab9a4"
      />
      <rect x={width / 2 - 60} y={82} width={120} height={24} fill="#c2410c" />
      <rect x={width / 2 - 80} y={122} width={160} height={10} fill="#e3e5e8" />
      <rect x={width / 2 - 120} y={184} width={240} height={38} rx={6} fill="#c2410c" />
      <rect x={left} y={244} width={inner} height={high} fill="#1f4e5f" />
      <text x={width / 2} y={244 + high / 2 + 8} fontSize={22} fontWeight={700} textAnchor="middle" fill="#ffffff">
        {banner}
      </text>
      <text x={left} y={244 + high + 40} fontSize={16} fontWeight={700} fill="#1c1d1f">
        BEST ITEM
      </text>
      {[0, 1].map((index) => (
        <rect
          key={index}
          x={left + index * (tile + 16)}
          y={tileY}
          width={tile}
          height={Math.max(0, 430 - tileY - 1)}
          fill="#eceef0"
        />
      ))}
    </svg>
  );
}
