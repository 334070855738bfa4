import { Button, FileButton, Group, Modal, SegmentedControl } from '@mantine/core';
import { IconExternalLink, IconPhoto, IconRotate, IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../../lib/http.ts';
import { useProblemText } from '../../../lib/use-problem-text.ts';
import { FieldErrorText } from '../../../ui/form-row.tsx';
import { uploadBanner } from '../../banners/api/upload-banner.ts';
import { measure } from '../../banners/measure.ts';
import { bannerRefusal, bannerWidths } from '../../banners/rules.ts';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';

/** The banner's picture: upload, reset, look at it, and the guide. */
export function BannerImage() {
  const { t } = useTranslation();
  const { shop, marketplace, values, change } = useApply();
  const { ofError, ofField } = useProblemText();
  const [viewing, setViewing] = useState(false);
  const chooseAgain = useRef<() => void>(null);
  const rules = marketplace.banner;
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const size = file.size > rules.maxBytes ? null : await measure(file);
      const refusal = bannerRefusal(file, size, rules);
      return refusal === null ? uploadBanner(shop.id, file) : Promise.reject(refusal);
    },
    onSuccess: (banner) => change({ banner }),
    // The same file can be chosen again after it was mended.
    onSettled: () => chooseAgain.current?.(),
  });
  const [fieldError] = upload.isError ? problemOf(upload.error).fields : [];
  const { banner } = values;
  return (
    <>
      <Group gap="xs">
        <FileButton
          accept="image/jpeg,image/png,image/webp"
          resetRef={chooseAgain}
          onChange={(file) => file !== null && upload.mutate(file)}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={16} />} loading={upload.isPending}>
              Upload
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          leftSection={<IconRotate size={16} />}
          disabled={banner === null && !upload.isError}
          onClick={() => {
            upload.reset();
            change({ banner: null });
          }}
        >
          {t('apply.banner.reset')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPhoto size={16} />}
          disabled={banner === null}
          onClick={() => setViewing(true)}
        >
          {t('apply.banner.view')}
        </Button>
        <Button
          component="a"
          href={`/shops/${shop.id}/banner-guide`}
          target="_blank"
          variant="subtle"
          rightSection={<IconExternalLink size={14} aria-hidden />}
        >
          Banner Guide<span className="cp-sr">{t('common.newTab')}</span>
        </Button>
      </Group>
      <p className="cp-note">
        * {t('apply.banner.size')}: {rules.sizes.map(({ width, height }) => `${width}px*${height}px`).join(' / ')}
      </p>
      <p className="cp-note">{t('apply.banner.note')}</p>
      {upload.isError && (
        <FieldErrorText>{fieldError === undefined ? ofError(upload.error) : ofField(fieldError)}</FieldErrorText>
      )}
      {banner !== null && <AsInEmail banner={banner} />}
      <Modal
        opened={viewing && banner !== null}
        onClose={() => setViewing(false)}
        title={t('apply.banner.view')}
        size="auto"
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {banner !== null && (
          <>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable with the keyboard */}
            <section className={classes.realSize} tabIndex={0} aria-label={t('apply.banner.alt')}>
              <img src={banner.url} alt={t('apply.banner.alt')} width={banner.width} height={banner.height} />
            </section>
            <p className="cp-note">{t('apply.banner.real', { width: banner.width, height: banner.height })}</p>
          </>
        )}
      </Modal>
    </>
  );
}

/** The picture as wide as mail programs show it. */
function AsInEmail({ banner }: { banner: { url: string; width: number; height: number } }) {
  const { t } = useTranslation();
  const [on, setOn] = useState<'desktop' | 'phone'>('desktop');
  const width = bannerWidths[on];
  return (
    <div className={classes.asInEmail}>
      <SegmentedControl
        size="xs"
        aria-label={t('preview.width')}
        value={on}
        onChange={(value) => setOn(value === 'phone' ? 'phone' : 'desktop')}
        data={[
          { value: 'desktop', label: t('preview.desktop') },
          { value: 'phone', label: t('preview.phone') },
        ]}
      />
      <img
        className={classes.banner}
        src={banner.url}
        alt={t('apply.banner.alt')}
        width={width}
        height={Math.round((width * banner.height) / banner.width)}
      />
      <p className="cp-note">{t(on === 'phone' ? 'apply.banner.widthPhone' : 'apply.banner.width', { width })}</p>
    </div>
  );
}
