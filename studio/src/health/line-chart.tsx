import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import classes from './health-screen.module.css';

/**
 * A small chart over time.
 *
 * @param values pairs of time in milliseconds since 1970-01-01 UTC and value; undefined leaves a gap
 */
export function LineChart({
  values,
  unit,
  label,
}: {
  values: readonly { time: number; value: number | undefined }[];
  unit: string;
  label: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const quiet = style.getPropertyValue('color');
    const axis = { stroke: quiet, grid: { show: false }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height: 120,
        legend: { show: false },
        cursor: { show: false },
        ms: 1,
        axes: [axis, { ...axis, size: 64, values: (_, splits) => splits.map((value) => `${value} ${unit}`) }],
        series: [{}, { stroke: '#1c6fd0', width: 2, fill: 'rgb(28 111 208 / 0.12)', points: { show: false } }],
        scales: { y: { range: (_, __, most) => [0, Math.max(most, 1) * 1.2] } },
      },
      [[], []],
      element,
    );
    chart.current = plot;
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 120 }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [unit]);
  useEffect(() => {
    chart.current?.setData([values.map(({ time }) => time), values.map(({ value }) => value ?? null)]);
  }, [values]);
  return <div ref={place} className={classes.chart} role="img" aria-label={label} />;
}
